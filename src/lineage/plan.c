/* SPDX-License-Identifier: Apache-2.0 */
/* The order of a volume's snapshots, and which of them to compare. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "lineage/lineage-private.h"

/* ----------------------------------------------------------------- order */

struct member {
    size_t node;
    const char *time;
    const char *id;
    bool recorded;             /* EC2 records its volume and its time */
};

/* "2026-01-01T00:00:00" */
#define SECOND 19

static bool has_fraction(const char *time)
{
    return strlen(time) > SECOND && time[SECOND] == '.';
}

/* No order follows from them: they are equal, or one, of a log, is in whole
 * seconds. */
static bool same_time(const struct member *x, const struct member *y)
{
    return has_fraction(x->time) && has_fraction(y->time)
        ? strcmp(x->time, y->time) == 0
        : strncmp(x->time, y->time, SECOND) == 0;
}

/* Of one second those without a fraction stand first. */
static int by_time(const void *a, const void *b)
{
    const struct member *x = a;
    const struct member *y = b;
    int r = strncmp(x->time, y->time, SECOND);

    if (r == 0)
        r = has_fraction(x->time) - has_fraction(y->time);
    if (r == 0)
        r = strcmp(x->time, y->time);
    return r ? r : strcmp(x->id, y->id);
}

static bool is_member(const struct lineage *l, const struct lineage_link *k,
                      size_t volume)
{
    const struct lineage_node *n = &l->nodes[k->from];

    return k->relation == LINEAGE_TAKEN_OF && k->to == volume
        && n->kind == RESOURCE_SNAPSHOT
        && (k->proof == PROOF_VOLUME_ID
            || (k->proof == PROOF_CLOUDTRAIL && !n->has_volume));
}

static bool listed(const struct member *list, size_t n, size_t node)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].node == node)
            return true;
    return false;
}

/* The volume's snapshots in the order of time, those that are gone too;
 * `list' has room for all links. */
static size_t find_members(const struct lineage *l, size_t volume,
                           struct member *list)
{
    size_t n = 0;

    for (size_t i = 0; i < l->nlinks; i++) {
        const struct lineage_link *k = &l->links[i];
        const struct lineage_node *x = &l->nodes[k->from];

        if (!is_member(l, k, volume) || listed(list, n, k->from))
            continue;
        list[n++] = (struct member){
            k->from, x->time ? x->time : "", x->id,
            k->proof == PROOF_VOLUME_ID && !x->time_logged,
        };
    }
    if (n)
        qsort(list, n, sizeof(*list), by_time);
    return n;
}

size_t *lineage_members(const struct lineage *l, size_t volume,
                        size_t *count)
{
    autofree struct member *list = calloc(l->nlinks + 1, sizeof(*list));
    size_t *out = calloc(l->nlinks + 1, sizeof(*out));
    size_t n;

    *count = 0;
    if (!list || !out) {
        free(out);
        return NULL;
    }
    n = find_members(l, volume, list);
    for (size_t i = 0; i < n; i++)
        if (l->nodes[list[i].node].state == LINEAGE_KNOWN)
            out[(*count)++] = list[i].node;
    return out;
}

/* The names of those between two that EC2 does not know, or of those that it
 * was not asked about.  Only a log can name such a one. */
static void name_missing(const struct lineage *l, const struct member *list,
                         size_t from, size_t to, bool gone, struct text *t)
{
    bool any = false;

    for (size_t i = from + 1; i < to; i++) {
        const struct lineage_node *n = &l->nodes[list[i].node];

        if (n->state == LINEAGE_KNOWN || (n->state == LINEAGE_GONE) != gone)
            continue;
        text_addf(t, "%s%s", any ? ", " : t->len ? "; a log names "
                                                 : "a log names ", n->id);
        any = true;
    }
    if (any)
        text_add(t, gone ? " between them, gone now"
                         : " between them, not known whether gone");
}

static void link_members(struct lineage *l, const struct member *list,
                         size_t from, size_t to, enum lineage_proof proof)
{
    autotext struct text missing = TEXT_INIT;

    name_missing(l, list, from, to, true, &missing);
    name_missing(l, list, from, to, false, &missing);
    l->no_memory |= missing.failed;
    lineage_link(l, list[to].node, LINEAGE_FOLLOWS, list[from].node, proof,
                 missing.s);
}

/* Without a time nobody knows its place. */
static bool has_place(const struct lineage *l, const struct member *m)
{
    return l->nodes[m->node].state == LINEAGE_KNOWN && m->time[0];
}

/* First what EC2 records, as if there were no log; then the neighbours of
 * those that have their place by a log. */
struct order {
    struct lineage *l;
    const struct member *list;
    bool logged;
};

static bool takes_part(const struct order *o, size_t i)
{
    return has_place(o->l, &o->list[i]) && (o->logged || o->list[i].recorded);
}

/* Members of one time, from the first to the last of them. */
struct group {
    size_t first, last;
};

/* Sorted, what has no fraction stands first of its second. */
static bool belongs(const struct order *o, const struct group *g, size_t i)
{
    return g->first != LINEAGE_NONE
        && (same_time(&o->list[g->first], &o->list[i])
            || same_time(&o->list[g->last], &o->list[i]));
}

/* It is the next one after each of those before: which of them was the last
 * is not known. */
static void link_to(const struct order *o, const struct group *before,
                    size_t i)
{
    for (size_t k = before->first;
         k != LINEAGE_NONE && k <= before->last && !o->l->full; k++)
        if (takes_part(o, k)
            && !(o->logged && o->list[k].recorded && o->list[i].recorded))
            link_members(o->l, o->list, k, i,
                         o->logged ? PROOF_LOG_ORDER : PROOF_ORDER);
}

static void put_in_order(const struct order *o, size_t n)
{
    struct group before = { LINEAGE_NONE, 0 }, now = { LINEAGE_NONE, 0 };

    for (size_t i = 0; i < n; i++) {
        if (!takes_part(o, i))
            continue;
        if (!belongs(o, &now, i)) {
            before = now;
            now.first = i;
        }
        now.last = i;
        link_to(o, &before, i);
    }
}

static void chain_members(struct lineage *l, const struct member *list,
                          size_t n)
{
    put_in_order(&(struct order){ l, list, false }, n);
    put_in_order(&(struct order){ l, list, true }, n);
}

int lineage_finish(struct lineage *l, struct err *e)
{
    autofree struct member *list = calloc(l->nlinks + 1, sizeof(*list));

    if (!list)
        return err_nomem(e);
    for (size_t v = 0; v < l->nnodes; v++)
        if (l->nodes[v].kind == RESOURCE_VOLUME)
            chain_members(l, list, find_members(l, v, list));
    return l->no_memory ? err_nomem(e) : 0;
}

/* ---------------------------------------------------------- contradictions */

/* Of what a record tells EC2 keeps one each: the volume of a snapshot, the
 * origin of a volume, the image of an instance, the instance of an image. */
const struct lineage_link *lineage_denied(const struct lineage *l,
                                          const struct lineage_link *k)
{
    const struct lineage_link *denies = NULL;

    for (size_t i = 0; k->proof == PROOF_CLOUDTRAIL && i < l->nlinks; i++) {
        const struct lineage_link *x = &l->links[i];

        if (x->from != k->from || x->relation != k->relation
            || lineage_link_grade(x) != GRADE_RECORDED)
            continue;
        if (x->to == k->to)
            return NULL;
        denies = x;
    }
    return denies;
}

/* ----------------------------------------------------------------- pairs */

static bool can_compare(const struct lineage *l, size_t node)
{
    return l->nodes[node].kind == RESOURCE_SNAPSHOT
        && l->nodes[node].state == LINEAGE_KNOWN && l->nodes[node].usable;
}

struct pairs {
    const struct lineage *l;
    struct lineage_pair *list;
    size_t count;
};

static void add_pair(struct pairs *p, size_t first, size_t second)
{
    if (!can_compare(p->l, first) || !can_compare(p->l, second))
        return;
    for (size_t i = 0; i < p->count; i++) {
        const struct lineage_pair *x = &p->list[i];

        if ((x->first == first && x->second == second)
            || (x->first == second && x->second == first))
            return;
    }
    p->list[p->count++] = (struct lineage_pair){ first, second };
}

/* The first one that is left of a volume, or LINEAGE_NONE. */
static size_t first_member(const struct lineage *l, size_t volume)
{
    size_t first = LINEAGE_NONE;

    for (size_t i = 0; i < l->nlinks; i++) {
        const struct lineage_node *n = &l->nodes[l->links[i].from];

        if (!is_member(l, &l->links[i], volume)
            || n->state != LINEAGE_KNOWN || !n->time)
            continue;
        if (first == LINEAGE_NONE
            || strcmp(n->time, l->nodes[first].time) < 0)
            first = l->links[i].from;
    }
    return first;
}

static void pair_of(struct pairs *p, const struct lineage_link *k)
{
    size_t member;

    switch (k->relation) {
    case LINEAGE_MADE_FROM:
        member = first_member(p->l, k->from);
        if (member != LINEAGE_NONE)
            add_pair(p, k->to, member);
        break;
    case LINEAGE_FOLLOWS:
    case LINEAGE_COPY_OF:
    case LINEAGE_UPLOADED_ON:
    case LINEAGE_NAMES:
        add_pair(p, k->to, k->from);
        break;
    default:
        break;
    }
}

struct lineage_pair *lineage_pairs(const struct lineage *l, size_t *count)
{
    static const enum lineage_relation order[] = {
        LINEAGE_MADE_FROM, LINEAGE_FOLLOWS, LINEAGE_COPY_OF,
        LINEAGE_UPLOADED_ON, LINEAGE_NAMES,
    };
    struct pairs p = { l, calloc(l->nlinks + 1, sizeof(*p.list)), 0 };

    for (size_t r = 0; p.list && r < sizeof(order) / sizeof(order[0]); r++)
        for (size_t i = 0; i < l->nlinks; i++)
            if (l->links[i].relation == order[r])
                pair_of(&p, &l->links[i]);
    *count = p.count;
    return p.list;
}
