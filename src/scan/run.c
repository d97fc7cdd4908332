/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "scan/cost.h"
#include "scan/limits.h"
#include "scan/scan.h"
#include "show/tell.h"

#define STATUS_RESERVE 1
#define STATUS_FOUND 10

static enum allocation_choice choice(const struct scan_options *o)
{
    return o->allocated ? ALLOCATION_USED
        : o->unallocated ? ALLOCATION_FREE : ALLOCATION_ANY;
}

/* Before a block is paid for: the rules, and whether there is an engine. */
static int prepare(struct scan *s, struct err *e)
{
    if (scan_read_rules(s->opt, &s->rules, &s->yara, s->rules_sha256, e) < 0)
        return -1;
    if (s->rules.count || !s->yara) {
        s->engine = engine_new(&s->rules, e);
        if (!s->engine)
            return -1;
    }
    return allocation_start(&s->allocation, choice(s->opt), e);
}

static int look(struct scan *s, char **names, int n, struct err *e)
{
    int r;

    if (scan_open(s, names, n, e) < 0)
        return -1;
    windows_init(&s->windows, s->core);
    r = scan_windows(s, e);
    windows_destroy(&s->windows);
    if (r < 0 || scan_check_read(s, e) < 0)
        return -1;
    hits_judge(&s->hits, s->nsides, scan_lost, s);
    for (unsigned i = 0; i < s->nsides; i++)
        cost_take(&s->sides[i]);
    if (s->opt->secrets && scan_write_secrets(s, s->opt->secrets, e) < 0)
        return -1;
    return scan_show(s, e);
}

static int status_of(const struct scan *s)
{
    uint64_t told = 0;

    for (int i = 0; i < HIT_STATES; i++)
        told += i == HIT_UNCHANGED ? 0 : s->hits.states[i];
    if (told && s->opt->exit_code)
        return STATUS_FOUND;
    return limits_are_a_reserve(s) ? STATUS_RESERVE : 0;
}

int scan_run(const struct scan_options *opt, char **names, int n,
             struct err *e)
{
    struct scan *s = calloc(1, sizeof(*s));
    struct err ignored = ERR_INIT;
    int r;

    if (!s)
        return err_nomem(e);
    s->opt = opt;
    s->hits.keep_secrets = opt->secrets != NULL;
    pthread_mutex_init(&s->hits_lock, NULL);
    r = prepare(s, e);
    if (r == 0)
        r = look(s, names, n, e);
    if (r == 0)
        r = status_of(s);
    if (scan_close(s, r < 0 ? &ignored : e) < 0)
        r = -1;
    engine_free(s->engine);
    yara_free(s->yara);
    hits_free(&s->hits);
    rules_free(&s->rules);
    pthread_mutex_destroy(&s->hits_lock);
    free(s);
    return r;
}
