/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/matcher.h"

#ifdef HAVE_PCRE2

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/text.h"

/* No expression may work longer on a place that somebody made for it: about
 * 50 ms. */
#define STEPS_MAX 1000000u
#define HEAP_KIB_MAX 16384u
#define GROUPS_MAX 100u

struct matcher_lane {
    pcre2_match_data *data;
    pcre2_match_context *limits;
    pcre2_jit_stack *stack;
};

const char *matcher_version(void)
{
    static char version[64];

    if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) > (int)sizeof(version)
        || pcre2_config(PCRE2_CONFIG_VERSION, version) < 0)
        return "?";
    return version;
}

/* ----------------------------------------------------------------- making */

static unsigned group(pcre2_code *code, const char *name, unsigned otherwise)
{
    int n = pcre2_substring_number_from_name(code, (PCRE2_SPTR)name);

    return n > 0 && (unsigned)n < GROUPS_MAX ? (unsigned)n : otherwise;
}

static int compile(struct matcher *m, const char *pattern, struct err *e)
{
    PCRE2_UCHAR why[256];
    PCRE2_SIZE at;
    uint32_t groups = 0;
    int code;
    pcre2_code *made = pcre2_compile((PCRE2_SPTR)pattern,
                                     PCRE2_ZERO_TERMINATED,
                                     PCRE2_MULTILINE | PCRE2_USE_OFFSET_LIMIT
                                         | PCRE2_NEVER_BACKSLASH_C,
                                     &code, &at, NULL);

    if (!made) {
        pcre2_get_error_message(code, why, sizeof(why));
        return err_set(e, ERR_USAGE, 0, "PCRE2: %s at character %zu",
                       (char *)why, at + 1);
    }
    pcre2_jit_compile(made, PCRE2_JIT_COMPLETE); /* slower without */
    pcre2_pattern_info(made, PCRE2_INFO_CAPTURECOUNT, &groups);
    m->code = made;
    m->secret = group(made, "secret", groups ? 1 : 0);
    m->subject = group(made, "subject", 0);
    return 0;
}

int matcher_make(struct matcher *m, const struct rule_words *w,
                 struct err *e)
{
    autotext struct text all = TEXT_INIT;

    *m = (struct matcher){ 0 };
    if (!w->count)
        return 0;
    if (w->count == 1)
        return compile(m, w->list[0], e);
    for (size_t i = 0; i < w->count; i++)
        text_addf(&all, "%s(?:%s)", i ? "|" : "", w->list[i]);
    if (all.failed)
        return err_nomem(e);
    return compile(m, all.s, e);
}

void matcher_free(struct matcher *m)
{
    pcre2_code_free(m->code);
    m->code = NULL;
}

struct matcher_lane *matcher_lane_new(struct err *e)
{
    struct matcher_lane *l = calloc(1, sizeof(*l));

    if (l) {
        l->data = pcre2_match_data_create(GROUPS_MAX, NULL);
        l->limits = pcre2_match_context_create(NULL);
        l->stack = pcre2_jit_stack_create(32 << 10, 1 << 20, NULL);
    }
    if (!l || !l->data || !l->limits) {
        err_nomem(e);
        matcher_lane_free(l);
        return NULL;
    }
    pcre2_set_match_limit(l->limits, STEPS_MAX);
    pcre2_set_heap_limit(l->limits, HEAP_KIB_MAX);
    if (l->stack)
        pcre2_jit_stack_assign(l->limits, NULL, l->stack);
    return l;
}

void matcher_lane_free(struct matcher_lane *l)
{
    if (!l)
        return;
    pcre2_match_data_free(l->data);
    pcre2_match_context_free(l->limits);
    pcre2_jit_stack_free(l->stack);
    free(l);
}

/* --------------------------------------------------------------- matching */

/* Group `g', if it took part in the match, which had `groups'. */
static bool span_of(const PCRE2_SIZE *at, int groups, unsigned g,
                    size_t *start, size_t *len)
{
    if (g >= (unsigned)groups || at[2 * g] == PCRE2_UNSET
        || at[2 * g + 1] < at[2 * g])
        return false;
    *start = at[2 * g];
    *len = at[2 * g + 1] - at[2 * g];
    return true;
}

/* \K can make the end lie before the start. */
static void take_match(const struct matcher *m, const PCRE2_SIZE *at,
                       int groups, struct match *out)
{
    size_t len = 0;

    *out = (struct match){ 0 };
    span_of(at, groups, 0, &out->start, &len);
    out->end = out->start + len;
    if (!span_of(at, groups, m->secret, &out->secret, &out->secret_len)
        || !out->secret_len) {
        out->secret = out->start;
        out->secret_len = len;
    }
    if (m->subject)
        span_of(at, groups, m->subject, &out->subject, &out->subject_len);
}

int matcher_next(struct matcher_lane *l, const struct matcher *m,
                 const unsigned char *bytes, size_t n, size_t at, size_t last,
                 struct match *out)
{
    int r;

    if (!m->code)
        return 0;
    pcre2_set_offset_limit(l->limits, last);
    r = pcre2_match(m->code, bytes, n, at, 0, l->data, l->limits);
    if (r == PCRE2_ERROR_NOMATCH)
        return 0;
    if (r < 0)
        return -1;
    take_match(m, pcre2_get_ovector_pointer(l->data),
               r ? r : (int)GROUPS_MAX, out);
    return 1;
}

bool matcher_has(struct matcher_lane *l, const struct matcher *m,
                 const unsigned char *bytes, size_t n)
{
    struct match ignored;

    return matcher_next(l, m, bytes, n, 0, n, &ignored) > 0;
}

#endif
