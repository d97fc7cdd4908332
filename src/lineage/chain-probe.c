/* SPDX-License-Identifier: Apache-2.0 */
/* Which snapshots EBS can compare: one list call for each pair. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/failure.h"
#include "aws/verdict.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/scope.h"
#include "ebs/changed.h"
#include "ebs/requests.h"
#include "lineage/chain.h"
#include "show/tell.h"

/* 10000 entries with two tokens of 256 characters each. */
#define PAGE_LIMIT (8 * MIB)

/* EBS prices list calls at 0.0006 USD a thousand (us-east-1, 2023). */
#define USD_A_CALL 0.0000006

/* Of the account's snapshots so many pages are looked through. */
#define PAGES_MAX 50

/* ------------------------------------------------------------- one probe */

struct probe {
    uint64_t changed;
    bool more;
};

static int take(void *ctx, const struct call *c, struct err *e)
{
    struct probe *p = ctx;
    const struct text *body = &c->answer->body;
    struct changed page;

    if (changed_parse(body->s ? body->s : "", body->len, &page, e) < 0)
        return -1;
    p->changed = page.count;
    p->more = page.next[0] != '\0';
    changed_free(&page);
    return 0;
}

/* 1: EBS compares them, 0: it says that they are unrelated, -1 else. */
static int compare(struct chain *c, const char *first, const char *second,
                   struct probe *p, struct err *e)
{
    c->probes++;
    request_changed(c->service.call, first, second, "", 0);
    c->service.call->limit = PAGE_LIMIT;
    if (service_ask(&c->service, take, p, e) == 0)
        return 1;
    return e->meaning == MEANS_UNRELATED ? 0 : -1;
}

static int probe_pair(struct chain *c, size_t first, size_t second,
                      struct err *e)
{
    struct lineage *l = &c->lineage;
    struct probe p = { 0 };
    struct err why = ERR_INIT;
    int r = compare(c, l->nodes[first].id, l->nodes[second].id, &p, &why);

    if (r >= 0) {
        lineage_add_answer(l, first, second,
                           r ? ANSWER_COMPARABLE : ANSWER_UNRELATED,
                           p.changed, p.more);
        return 0;
    }
    if (failure_ends(ASKED_AS_USEFUL, &why)) {
        *e = why;
        return -1;
    }
    return notes_add(&c->notes, e, "%s and %s were not compared: %s",
                     l->nodes[first].id, l->nodes[second].id, why.msg);
}

/* ------------------------------------------------------------- the pairs */

static void say_cost(uint64_t calls)
{
    if (calls)
        tell_note("comparing snapshots takes up to %" PRIu64
                  " ListChangedBlocks calls (about %.6f USD); --probes 0 does "
                  "without", calls, (double)calls * USD_A_CALL);
}

static uint64_t allowed(const struct chain *c)
{
    return c->opt->probes - c->probes;
}

static int probe_pairs(struct chain *c, bool *asked, struct err *e)
{
    size_t count;
    autofree struct lineage_pair *pairs = lineage_pairs(&c->lineage, &count);
    uint64_t n;

    if (!pairs)
        return err_nomem(e);
    n = count < allowed(c) ? count : allowed(c);
    c->left_out += count - n;
    *asked = n > 0;
    say_cost(n);
    for (size_t i = 0; i < n; i++)
        if (probe_pair(c, pairs[i].first, pairs[i].second, e) < 0)
            return -1;
    return 0;
}

/* ------------------------------------- a copy whose source is not known */

struct candidate {
    char id[RESOURCE_ROOM];
    uint64_t distance;      /* in time, ns */
};

struct candidates {
    struct candidate *list;
    size_t count;
    uint64_t unread;        /* could not be compared */
    struct err why;         /* the first of them could not */
};

static uint64_t time_of(const char *iso)
{
    return iso ? clock_parse_iso(iso) : 0;
}

/* A volume can grow, so an older snapshot may be smaller; a lineage has one
 * data key. */
static bool is_candidate(const struct lineage_node *target,
                         const struct ec2_snapshot *s)
{
    struct err ignored = ERR_INIT;

    return resource_kind(s->id) == RESOURCE_SNAPSHOT
        && strcmp(s->id, target->id) != 0
        && ec2_snapshot_usable(s, s->id, &ignored) == 0
        && (!target->key || !s->data_encryption_key_id
            || strcmp(target->key, s->data_encryption_key_id) == 0);
}

static int add_candidate(struct candidates *all, const struct ec2_snapshot *s,
                         uint64_t target_time, struct err *e)
{
    struct candidate *more = realloc(all->list, (all->count + 1)
                                                * sizeof(*more));
    uint64_t t = time_of(s->start_time);

    if (!more)
        return err_nomem(e);
    all->list = more;
    more[all->count].distance = t > target_time ? t - target_time
                                                : target_time - t;
    strcpy(more[all->count].id, s->id);
    all->count++;
    return 0;
}

static int add_page(struct chain *c, struct candidates *all,
                    const struct xmllist *l, struct err *e)
{
    const struct lineage_node *t = &c->lineage.nodes[c->lineage.target];

    for (size_t i = 0; i < l->count; i++) {
        const struct ec2_snapshot *s = ec2_snapshot_at(l, i);

        if (is_candidate(t, s)
            && add_candidate(all, s, time_of(t->time), e) < 0)
            return -1;
    }
    return 0;
}

static int by_distance(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;

    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return strcmp(x->id, y->id);
}

static int find_candidates(struct chain *c, struct candidates *all,
                           struct err *e)
{
    autopager struct pager p = { NULL };
    int r = 0;

    do {
        struct xmllist l = { 0 };

        r = chain_ask_owned(c, "self", NULL, &p, &l, e);
        if (r == 0)
            r = add_page(c, all, &l, e);
        ec2_snapshots_free(&l);
    } while (r == 0 && pager_goes_on(&p, PAGES_MAX));
    if (r == 0 && p.next)
        r = notes_add(&c->notes, e, "only the first %d pages of the account's "
                      "snapshots were looked through for related ones",
                      PAGES_MAX);
    if (r == 0 && all->count)
        qsort(all->list, all->count, sizeof(*all->list), by_distance);
    return r;
}

/* One of many: what all of them come to is told in the end. */
static void note_unread(struct candidates *all, const char *id,
                        const struct err *why)
{
    if (all->unread++)
        return;
    all->why = *why;
    err_in(&all->why, "%s", id);
}

/* A related one joins the line, which goes on from there. */
static int try_candidate(struct chain *c, struct candidates *all,
                         const char *id, struct err *e)
{
    struct probe p = { 0 };
    struct err why = ERR_INIT;
    size_t target = c->lineage.target;
    int r = compare(c, id, c->target, &p, &why);

    if (r < 0 && failure_ends(ASKED_AS_USEFUL, &why)) {
        *e = why;
        return -1;
    }
    if (r < 0)
        note_unread(all, id, &why);
    if (r <= 0)
        return 0;
    lineage_set_state(&c->lineage, id, LINEAGE_NAMED);
    lineage_add_answer(&c->lineage, lineage_find(&c->lineage, id), target,
                       ANSWER_COMPARABLE, p.changed, p.more);
    lineage_want(&c->lineage, lineage_find(&c->lineage, id));
    return 0;
}

/* The target is a snapshot, and nothing says where it comes from. */
static bool is_lost(const struct chain *c)
{
    const struct lineage *l = &c->lineage;

    if (l->nodes[l->target].kind != RESOURCE_SNAPSHOT
        || !l->nodes[l->target].usable)
        return false;
    for (size_t i = 0; i < l->nlinks; i++) {
        const struct lineage_link *k = &l->links[i];

        if ((k->from == l->target && k->relation == LINEAGE_TAKEN_OF
             && k->proof == PROOF_VOLUME_ID)
            || k->relation == LINEAGE_COMPARABLE)
            return false;
    }
    return true;
}

/* That none of them is related is said of those that were compared. */
static int note_lost(struct chain *c, uint64_t compared, struct err *e)
{
    if (!is_lost(c))
        return 0;
    return notes_add(&c->notes, e,
                     "nothing says where %s comes from: none of %"
                     PRIu64 " snapshots of this account here is related to "
                     "it", c->target, compared);
}

static int note_not_compared(struct chain *c, const struct candidates *all,
                             struct err *e)
{
    if (!all->unread)
        return 0;
    return notes_add(&c->notes, e, "%" PRIu64 " snapshots of this account "
                     "could not be compared with %s, the first of them "
                     "because of %s", all->unread, c->target, all->why.msg);
}

static int try_candidates(struct chain *c, struct candidates *all,
                          struct err *e)
{
    uint64_t n = all->count < allowed(c) ? all->count : allowed(c);

    c->left_out += all->count - n;
    say_cost(n);
    for (size_t i = 0; i < n; i++)
        if (try_candidate(c, all, all->list[i].id, e) < 0)
            return -1;
    if (note_not_compared(c, all, e) < 0)
        return -1;
    return note_lost(c, n - all->unread, e);
}

static int search(struct chain *c, struct err *e)
{
    struct candidates all = { 0 };
    struct err why = ERR_INIT;
    int r = find_candidates(c, &all, &why);

    if (r == 0)
        r = try_candidates(c, &all, e);
    else if (failure_ends(ASKED_AS_USEFUL, &why))
        *e = why;
    else
        r = notes_add(&c->notes, e,
                      "related snapshots were not looked for: %s",
                      why.msg);
    free(all.list);
    return r;
}

int chain_probe(struct chain *c, struct err *e)
{
    bool asked;

    if (probe_pairs(c, &asked, e) < 0)
        return -1;
    if (!is_lost(c) || !allowed(c))
        return 0;
    if (search(c, e) < 0 || chain_ask(c, e) < 0)
        return -1;
    return lineage_finish(&c->lineage, e);
}
