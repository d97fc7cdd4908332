/* The order of a volume's snapshots, and which of them to compare. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "ebs/lineage_graph.h"

/* ----------------------------------------------------------------- order */

struct member {
    size_t node;
    const char *time;
    const char *id;
};

static int by_time(const void *a, const void *b)
{
    const struct member *x = a;
    const struct member *y = b;
    int r = strcmp(x->time, y->time);

    return r ? r : strcmp(x->id, y->id);
}

static bool is_member(const struct lineage *l, const struct lineage_link *k,
                      size_t volume)
{
    return k->relation == LINEAGE_TAKEN_OF && k->to == volume
        && lineage_link_grade(k) != GRADE_HINT
        && l->nodes[k->from].kind == RESOURCE_SNAPSHOT;
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
        size_t node = l->links[i].from;

        if (!is_member(l, &l->links[i], volume) || listed(list, n, node))
            continue;
        list[n++] = (struct member){
            node, l->nodes[node].time ? l->nodes[node].time : "",
            l->nodes[node].id,
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

/* The names of those between two that are left and gone themselves. */
static void name_gone(const struct lineage *l, const struct member *list,
                      size_t from, size_t to, struct text *t)
{
    for (size_t i = from + 1; i < to; i++)
        text_addf(t, "%s%s", t->len ? ", " : "", l->nodes[list[i].node].id);
    if (t->len)
        text_add(t, to - from > 2 ? " between them are gone"
                                  : " between them is gone");
}

static void chain_members(struct lineage *l, const struct member *list,
                          size_t n)
{
    size_t before = LINEAGE_NONE;

    for (size_t i = 0; i < n; i++) {
        autotext struct text gone = TEXT_INIT;

        if (l->nodes[list[i].node].state != LINEAGE_KNOWN)
            continue;
        if (before != LINEAGE_NONE) {
            name_gone(l, list, before, i, &gone);
            lineage_link(l, list[i].node, LINEAGE_FOLLOWS, list[before].node,
                         PROOF_ORDER, gone.s);
        }
        before = i;
    }
}

/* EC2 has listed every snapshot of the volume: one that a log names and that
 * is not among them is gone, or belongs to somebody else. */
static void settle_gone(struct lineage *l)
{
    for (size_t i = 0; i < l->nlinks; i++) {
        const struct lineage_link *k = &l->links[i];
        struct lineage_node *n = &l->nodes[k->from];

        enum lineage_state volume = l->nodes[k->to].state;

        if (is_member(l, k, k->to) && n->state == LINEAGE_NAMED
            && (volume == LINEAGE_KNOWN || volume == LINEAGE_GONE))
            n->state = LINEAGE_GONE;
    }
}

int lineage_finish(struct lineage *l, struct err *e)
{
    autofree struct member *list = calloc(l->nlinks + 1, sizeof(*list));

    if (!list)
        return err_nomem(e);
    settle_gone(l);
    for (size_t v = 0; v < l->nnodes; v++)
        if (l->nodes[v].kind == RESOURCE_VOLUME)
            chain_members(l, list, find_members(l, v, list));
    return l->no_memory ? err_nomem(e) : 0;
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
