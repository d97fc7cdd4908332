/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/engine.h"

#if defined HAVE_HYPERSCAN && defined HAVE_PCRE2

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hs.h>

#include "base/interrupt.h"
#include "scan/matcher.h"
#include "scan/probe.h"
#include "scan/sift.h"

struct engine {
    const struct rules *rules;
    hs_database_t *database;
    hs_scratch_t *scratch;     /* from which those of the lanes are made */
    struct engine_rule {
        struct matcher pattern;
        struct matcher allow, allow_match; /* may be empty */
        size_t width;          /* bytes of its longest match, or the limit */
    } *rules_made;
    struct matcher allow_all;
    size_t made;
};

/* A part of the memory in which matches of one rule end. */
struct region {
    size_t first, last;        /* ends */
    bool open;
};

struct engine_lane {
    const struct engine *engine;
    hs_scratch_t *scratch;
    struct matcher_lane *matching;
    struct region *regions;    /* one for each rule */
    size_t *opened;            /* the rules that have an open one */
    size_t nopened;
    uint64_t gave_up;
    /* Of the scan that is under way: */
    const unsigned char *bytes;
    size_t n;
    int (*take)(void *ctx, const struct found *f, struct err *e);
    void *ctx;
    struct err *e;
};

const char *engine_versions(void)
{
    static char text[96];

    snprintf(text, sizeof(text), "libhs %.20s, PCRE2 %.20s",
             hs_version(), matcher_version());
    return text;
}

/* ---------------------------------------------------------------- compiling */

/* A width that has no bound, or none that is worth it, is the limit. */
static int measure(struct engine_rule *m, const struct rule *r, struct err *e)
{
    hs_expr_info_t *info = NULL;
    hs_compile_error_t *why = NULL;

    if (hs_expression_info(r->pattern, HS_FLAG_MULTILINE, &info, &why)
        != HS_SUCCESS) {
        err_set(e, ERR_USAGE, 0, "the rule %s: libhs: %s", r->id,
                why ? why->message : "cannot read it");
        hs_free_compile_error(why);
        return -1;
    }
    m->width = info->max_width < ENGINE_MATCH_MAX ? info->max_width
                                                  : ENGINE_MATCH_MAX;
    if (info->min_width == 0)
        err_set(e, ERR_USAGE, 0, "the rule %s matches the empty text", r->id);
    free(info);
    return e->kind ? -1 : 0;
}

static int make_rule(struct engine_rule *m, const struct rule *r,
                     struct err *e)
{
    const struct rule_words one = { (char *[]){ r->pattern }, 1 };

    if (matcher_make(&m->pattern, &one, e) < 0
        || matcher_make(&m->allow, &r->allow, e) < 0
        || matcher_make(&m->allow_match, &r->allow_match, e) < 0)
        return err_in(e, "the rule %s", r->id);
    return measure(m, r, e);
}

static int make_rules(struct engine *g, struct err *e)
{
    const struct rules *r = g->rules;

    g->rules_made = calloc(r->count, sizeof(*g->rules_made));
    if (!g->rules_made)
        return err_nomem(e);
    for (; g->made < r->count; g->made++)
        if (make_rule(&g->rules_made[g->made], &r->list[g->made], e) < 0
            || interrupt_check(e) < 0)
            return -1;
    return matcher_make(&g->allow_all, &r->allow_all, e);
}

static int compile(struct engine *g, const char **patterns, unsigned *flags,
                   unsigned *ids, struct err *e)
{
    const struct rules *r = g->rules;
    hs_compile_error_t *why = NULL;

    for (size_t i = 0; i < r->count; i++) {
        patterns[i] = r->list[i].pattern;
        flags[i] = HS_FLAG_MULTILINE;
        ids[i] = (unsigned)i;
    }
    if (hs_compile_multi(patterns, flags, ids, (unsigned)r->count,
                         HS_MODE_BLOCK, NULL, &g->database, &why)
        == HS_SUCCESS)
        return 0;
    err_set(e, ERR_USAGE, 0, "the rule %s: libhs: %s",
            why && why->expression >= 0 ? r->list[why->expression].id : "?",
            why ? why->message : "cannot compile it");
    hs_free_compile_error(why);
    return -1;
}

static int make_database(struct engine *g, struct err *e)
{
    size_t n = g->rules->count;
    const char **patterns = calloc(n, sizeof(*patterns));
    unsigned *flags = calloc(n, sizeof(*flags));
    unsigned *ids = calloc(n, sizeof(*ids));
    int r = patterns && flags && ids ? compile(g, patterns, flags, ids, e)
                                     : err_nomem(e);

    free(patterns);
    free(flags);
    free(ids);
    if (r == 0 && hs_alloc_scratch(g->database, &g->scratch) != HS_SUCCESS)
        return err_nomem(e);
    return r;
}

/* The library that is there now may be another one than configure saw. */
static int check_library(const struct rules *r, struct err *e)
{
    if (!r->count)
        return err_set(e, ERR_USAGE, 0, "there is no rule to scan by");
    if (hs_valid_platform() != HS_SUCCESS)
        return err_set(e, ERR_USAGE, 0, "Hyperscan does not run on this "
                       "processor");
    if (probe_libhs())
        return 0;
    return err_set(e, ERR_USAGE, 0, "libhs %.40s loses matches, so ebsimg "
                   "does not scan with it; Hyperscan, or a newer Vectorscan, "
                   "does not", hs_version());
}

struct engine *engine_new(const struct rules *r, struct err *e)
{
    struct engine *g;

    if (check_library(r, e) < 0)
        return NULL;
    g = calloc(1, sizeof(*g));
    if (!g) {
        err_nomem(e);
        return NULL;
    }
    g->rules = r;
    if (make_rules(g, e) == 0 && make_database(g, e) == 0)
        return g;
    engine_free(g);
    return NULL;
}

void engine_free(struct engine *g)
{
    if (!g)
        return;
    for (size_t i = 0; g->rules_made && i < g->rules->count; i++) {
        matcher_free(&g->rules_made[i].pattern);
        matcher_free(&g->rules_made[i].allow);
        matcher_free(&g->rules_made[i].allow_match);
    }
    matcher_free(&g->allow_all);
    free(g->rules_made);
    hs_free_scratch(g->scratch);
    hs_free_database(g->database);
    free(g);
}

/* ------------------------------------------------------------------- lanes */

struct engine_lane *engine_lane_new(const struct engine *g, struct err *e)
{
    struct engine_lane *l = calloc(1, sizeof(*l));

    if (!l) {
        err_nomem(e);
        return NULL;
    }
    l->engine = g;
    l->regions = calloc(g->rules->count, sizeof(*l->regions));
    l->opened = calloc(g->rules->count, sizeof(*l->opened));
    l->matching = matcher_lane_new(e);
    if (l->regions && l->opened && l->matching
        && hs_clone_scratch(g->scratch, &l->scratch) == HS_SUCCESS)
        return l;
    err_nomem(e);
    engine_lane_free(l);
    return NULL;
}

void engine_lane_free(struct engine_lane *l)
{
    if (!l)
        return;
    hs_free_scratch(l->scratch);
    matcher_lane_free(l->matching);
    free(l->regions);
    free(l->opened);
    free(l);
}

uint64_t engine_lane_gave_up(const struct engine_lane *l)
{
    return l->gave_up;
}

/* -------------------------------------------------------------- one region */

/* What looks like a secret and is a word, a placeholder, an example. */
static bool is_allowed(struct engine_lane *l, const struct found *f)
{
    const struct engine_rule *m = &l->engine->rules_made[f->rule];
    const struct rule *r = &l->engine->rules->list[f->rule];
    const unsigned char *secret = l->bytes + f->secret;
    size_t n = f->secret_len;

    return (r->entropy > 0 && sift_entropy(secret, n) < r->entropy)
        || matcher_has(l->matching, &m->allow, secret, n)
        || matcher_has(l->matching, &m->allow_match, l->bytes + f->start,
                       f->end - f->start)
        || (r->fuzzy
            && matcher_has(l->matching, &l->engine->allow_all, secret, n));
}

static int tell(struct engine_lane *l, size_t rule, const struct match *m)
{
    const struct found f = {
        .rule = rule,
        .start = m->start,
        .end = m->end,
        .secret = m->secret,
        .secret_len = m->secret_len,
        .subject = m->subject,
        .subject_len = m->subject_len,
    };

    return is_allowed(l, &f) ? 0 : l->take(l->ctx, &f, l->e);
}

/* A pattern without a bound can swallow whole blocks, and other matches with
 * them: of a match that is too long the one that is short enough is taken, if
 * there is one at the same place. */
static int shorten(struct engine_lane *l, const struct matcher *m,
                   struct match *x)
{
    size_t start = x->start;
    int r;

    if (x->end - start <= ENGINE_MATCH_MAX)
        return 1;
    r = matcher_next(l->matching, m, l->bytes, start + ENGINE_MATCH_MAX,
                     start, start, x);
    if (r == 0)
        *x = (struct match){ .start = start, .end = start + 1 };
    return r;
}

/* All matches that end where Hyperscan has seen ends.  They begin at most a
 * width before the first one. */
static int search(struct engine_lane *l, size_t rule)
{
    const struct engine_rule *m = &l->engine->rules_made[rule];
    struct region *g = &l->regions[rule];
    size_t at = g->first > m->width ? g->first - m->width : 0;
    struct match x;
    int r;

    g->open = false;
    while (at < g->last
           && (r = matcher_next(l->matching, &m->pattern, l->bytes, l->n, at,
                                g->last, &x)) != 0) {
        r = r > 0 ? shorten(l, &m->pattern, &x) : r;
        if (r < 0) {
            l->gave_up++;
            return 0;
        }
        if (r > 0 && tell(l, rule, &x) < 0)
            return -1;
        at = x.end > at ? x.end : at + 1;
    }
    return 0;
}

/* Hyperscan: a match of this rule ends at `to'; the ends of one rule come in
 * order. */
static int on_end(unsigned id, unsigned long long from, unsigned long long to,
                  unsigned flags, void *ctx)
{
    struct engine_lane *l = ctx;
    struct region *g = &l->regions[id];
    size_t end = (size_t)to;

    (void)from;
    (void)flags;
    if (g->open && end > g->last + l->engine->rules_made[id].width) {
        if (search(l, id) < 0)
            return 1;
        *g = (struct region){ end, end, true };
    } else if (g->open) {
        g->last = end;
    } else {
        *g = (struct region){ end, end, true };
        l->opened[l->nopened++] = id;
    }
    return 0;
}

static int search_rest(struct engine_lane *l)
{
    int r = 0;

    for (size_t i = 0; i < l->nopened; i++) {
        if (r == 0 && l->regions[l->opened[i]].open)
            r = search(l, l->opened[i]);
        l->regions[l->opened[i]].open = false;
    }
    l->nopened = 0;
    return r;
}

int engine_scan(struct engine_lane *l, const unsigned char *bytes, size_t n,
                int (*take)(void *ctx, const struct found *f, struct err *e),
                void *ctx, struct err *e)
{
    hs_error_t how;

    if (n > UINT_MAX)
        return err_set(e, ERR_INTERNAL, 0, "too much to scan at once");
    l->bytes = bytes;
    l->n = n;
    l->take = take;
    l->ctx = ctx;
    l->e = e;
    how = hs_scan(l->engine->database, (const char *)bytes, (unsigned)n, 0,
                  l->scratch, on_end, l);
    if (how == HS_SUCCESS)
        return search_rest(l);
    for (size_t i = 0; i < l->nopened; i++)
        l->regions[l->opened[i]].open = false;
    l->nopened = 0;
    return how == HS_SCAN_TERMINATED ? -1
        : err_set(e, ERR_INTERNAL, 0, "Hyperscan failed: %d", how);
}

#else

#define WITHOUT "none"

const char *engine_versions(void)
{
    return WITHOUT;
}

struct engine *engine_new(const struct rules *r, struct err *e)
{
    (void)r;
    err_set(e, ERR_USAGE, 0, "this build of ebsimg cannot scan: it was built "
            "without %s; see `./configure --help'",
#if defined HAVE_PCRE2
            "Hyperscan"
#elif defined HAVE_HYPERSCAN
            "PCRE2"
#else
            "Hyperscan and PCRE2"
#endif
            );
    return NULL;
}

/* engine_new() gives none, so nobody can have one. */
void engine_free(struct engine *g)
{
    (void)g;
}

struct engine_lane *engine_lane_new(const struct engine *g, struct err *e)
{
    (void)g;
    err_set(e, ERR_INTERNAL, 0, "there is no engine");
    return NULL;
}

void engine_lane_free(struct engine_lane *l)
{
    (void)l;
}

int engine_scan(struct engine_lane *l, const unsigned char *bytes, size_t n,
                int (*take)(void *ctx, const struct found *f, struct err *e),
                void *ctx, struct err *e)
{
    (void)l;
    (void)bytes;
    (void)n;
    (void)take;
    (void)ctx;
    return err_set(e, ERR_INTERNAL, 0, "there is no engine");
}

uint64_t engine_lane_gave_up(const struct engine_lane *l)
{
    (void)l;
    return 0;
}

#endif
