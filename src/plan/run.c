/* SPDX-License-Identifier: Apache-2.0 */
/* Asks EC2 for the snapshots, or EBS for their blocks, and puts them in
 * order. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "ebs/ec2-search.h"
#include "ebs/ec2.h"
#include "ebs/pager.h"
#include "fetch/survey.h"
#include "plan/plan.h"
#include "plan/prices.h"
#include "show/tell.h"

const char *const plan_order_words[] = { "given", "smallest", "largest",
                                         NULL };

/* ---------------------------------------------------------------- options */

static int read_prices(const struct plan_options *o, struct plan_prices *p,
                       struct err *e)
{
    return plan_read_price("price-lists", o->list_price, &p->lists, e) < 0
        || plan_read_price("price-blocks", o->block_price, &p->blocks, e) < 0
        || plan_read_price("price-transfer", o->transfer_price, &p->transfer,
                      e) < 0 ? -1 : 0;
}

int plan_check(const struct plan_options *opt, struct err *e)
{
    struct plan_prices prices;

    return read_prices(opt, &prices, e);
}

/* -------------------------------------------------------------------- EC2 */

struct page {
    struct plan *plan;
    char *next;
};

static int note_unusable(struct plan_snapshot *to, const struct err *why,
                         struct err *e)
{
    to->unusable = strdup(why->msg);
    return to->unusable ? 0 : err_nomem(e);
}

static int use(struct plan *p, const struct ec2_snapshot *s, struct err *e)
{
    struct err why = ERR_INIT;

    for (size_t i = 0; i < p->n; i++) {
        struct plan_snapshot *to = &p->snapshots[i];

        if (strcmp(to->id, s->id) != 0 || to->known)
            continue;
        to->known = true;
        to->gib = s->volume_gib;
        to->full_size = s->full_size;
        if (ec2_snapshot_usable(s, to->id, &why) < 0
            && note_unusable(to, &why, e) < 0)
            return -1;
    }
    return 0;
}

static int take(void *ctx, const struct call *c, struct err *e)
{
    struct page *page = ctx;
    const struct text *body = &c->answer->body;
    struct xmllist l;
    int r;

    free(page->next);
    r = ec2_parse_snapshots(body->s ? body->s : "", body->len, &l,
                            &page->next, e);
    for (size_t i = 0; r == 0 && i < l.count; i++)
        r = use(page->plan, ec2_snapshot_at(&l, i), e);
    ec2_snapshots_free(&l);
    return r;
}

static int ask_some(struct plan *p, const char *const *ids, size_t n,
                    struct err *e)
{
    const struct ec2_filter filter = { "snapshot-id", ids, n };
    const struct ec2_search search = { NULL, 0, &filter, 1 };
    autopager struct pager pager = { NULL };

    do {
        struct page page = { p, NULL };

        ec2_search_snapshots(p->service.call, &search, pager.next);
        if (service_ask(&p->service, take, &page, e) < 0) {
            free(page.next);
            return -1;
        }
        if (pager_turn(&pager, page.next, e) < 0)
            return -1;
    } while (pager_goes_on(&pager, PAGER_PAGES_MAX));
    return 0;
}

static int ask_ec2(struct plan *p, struct err *e)
{
    autofree const char **ids = calloc(p->n + 1, sizeof(*ids));

    if (!ids)
        return err_nomem(e);
    for (size_t i = 0; i < p->n; i++)
        ids[i] = p->snapshots[i].id;
    for (size_t at = 0; at < p->n; at += EC2_FILTER_VALUES)
        if (ask_some(p, ids + at,
                     p->n - at < EC2_FILTER_VALUES ? p->n - at
                                                   : EC2_FILTER_VALUES,
                     e) < 0)
            return err_in(e, "asking EC2 about the snapshots");
    for (size_t i = 0; i < p->n; i++)
        if (!p->snapshots[i].known)
            return err_set(e, ERR_SOURCE, 0, "EC2 shows no %s here; check "
                           "the id, the region and the account",
                           p->snapshots[i].id);
    return 0;
}

/* -------------------------------------------------------------------- EBS */

static int note_difference(struct plan *p, const struct plan_snapshot *s,
                           uint64_t gib, struct err *e)
{
    if (gib != s->gib
        && notes_add(&p->notes, e, "%s: EC2 says %" PRIu64 " GiB, and EBS %"
                     PRIu64, s->id, s->gib, gib) < 0)
        return -1;
    if (s->full_size.told
        && s->full_size.value != s->volume.blocks * BLOCK_SIZE)
        return notes_add(&p->notes, e, "%s: EC2 counts %" PRIu64 " bytes, and "
                         "EBS lists %" PRIu64, s->id, s->full_size.value,
                         s->volume.blocks * BLOCK_SIZE);
    return 0;
}

static int list_blocks(struct plan *p, struct plan_snapshot *s,
                       struct err *e)
{
    struct survey survey = { p->service.aws, p->service.call, &interrupted,
                             0 };
    autoblockset struct blockset *set = NULL;
    uint64_t gib = 0;
    int r = survey_stored(&survey, s->id, &set, &gib, e);

    p->listed += survey.calls;
    if (r < 0)
        return -1;
    s->count = COUNT_LISTED;
    s->volume.size = gib * GIB;
    s->volume.blocks = blockset_count(set);
    return note_difference(p, s, gib, e);
}

static void take_count(struct plan_snapshot *s)
{
    s->count = plan_take_count(&s->volume, s->gib * GIB, &s->full_size)
        ? COUNT_EC2 : COUNT_MOST;
}

static int count(struct plan *p, struct err *e)
{
    for (size_t i = 0; i < p->n; i++) {
        struct plan_snapshot *s = &p->snapshots[i];

        if (!s->gib || s->gib > 65536)
            return err_set(e, ERR_SERVICE, 0, "EC2 says that %s has %" PRIu64
                           " GiB, which no volume has", s->id, s->gib);
        take_count(s);
        if (p->opt->exact && !s->unusable && list_blocks(p, s, e) < 0)
            return -1;
        plan_estimate(&s->volume, &p->prices, &s->estimate);
        plan_add(&p->total, &s->estimate);
    }
    return 0;
}

/* -------------------------------------------------------------------- all */

static int by_blocks(const void *a, const void *b)
{
    const struct plan_snapshot *x = a;
    const struct plan_snapshot *y = b;

    if (x->volume.blocks != y->volume.blocks)
        return x->volume.blocks < y->volume.blocks ? -1 : 1;
    return strcmp(x->id, y->id);
}

static int by_blocks_down(const void *a, const void *b)
{
    return by_blocks(b, a);
}

static void put_in_order(struct plan *p)
{
    if (p->opt->order == ORDER_SMALLEST)
        qsort(p->snapshots, p->n, sizeof(*p->snapshots), by_blocks);
    else if (p->opt->order == ORDER_LARGEST)
        qsort(p->snapshots, p->n, sizeof(*p->snapshots), by_blocks_down);
}

static int compute(struct plan *p, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;

    if (read_prices(p->opt, &p->prices, e) < 0
        || service_open(&p->service, &p->opt->service, &hooks, e) < 0
        || ask_ec2(p, e) < 0 || count(p, e) < 0)
        return -1;
    put_in_order(p);
    p->digest = p->opt->digest_rate ? p->opt->digest_rate
                                    : plan_measure_digest();
    return plan_show(p, e);
}

static int status(const struct plan *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->snapshots[i].unusable
            || p->snapshots[i].count == COUNT_MOST)
            return 1;
    return 0;
}

int plan_run(const struct plan_options *opt, char **ids, int n,
             struct err *e)
{
    struct plan p = { .opt = opt, .n = (size_t)n };
    int r;

    p.snapshots = calloc((size_t)n, sizeof(*p.snapshots));
    if (!p.snapshots)
        return err_nomem(e);
    for (size_t i = 0; i < p.n; i++)
        p.snapshots[i].id = ids[i];
    r = compute(&p, e);
    if (r == 0)
        r = status(&p);
    for (size_t i = 0; i < p.n; i++)
        free(p.snapshots[i].unusable);
    free(p.snapshots);
    notes_free(&p.notes);
    service_close(&p.service);
    return r;
}
