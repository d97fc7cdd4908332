/* SPDX-License-Identifier: Apache-2.0 */
/* The lineage as a tree for the terminal.  Each thing hangs below one that
 * it comes from; every further link is a line of its own. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/scope.h"
#include "lineage/chain-show.h"

struct tree {
    const struct lineage *l;
    size_t *parent;            /* the link to it, or LINEAGE_NONE */
    bool *done;
    size_t *order;             /* all nodes, older ones first */
    struct text *t;
    struct text indent;
};

/* ------------------------------------------------------------ its shape */

/* Which links make the tree, best first, and from which end they hang.  A
 * comparison is none: it proves no direction, and a branch would draw one. */
static const enum lineage_relation branches[] = {
    LINEAGE_TAKEN_OF, LINEAGE_MADE_FROM, LINEAGE_CLONE_OF, LINEAGE_COPY_OF,
    LINEAGE_UPLOADED_ON,
};

/* Would the node hang below itself? */
static bool loops(const struct tree *tr, size_t node, size_t up)
{
    while (up != node) {
        if (tr->parent[up] == LINEAGE_NONE)
            return false;
        up = tr->l->links[tr->parent[up]].to;
    }
    return true;
}

static void hang(struct tree *tr, enum lineage_relation relation,
                 enum lineage_grade grade)
{
    for (size_t i = 0; i < tr->l->nlinks; i++) {
        const struct lineage_link *k = &tr->l->links[i];

        if (k->relation == relation && lineage_link_grade(k) == grade
            && tr->parent[k->from] == LINEAGE_NONE
            && !loops(tr, k->from, k->to))
            tr->parent[k->from] = i;
    }
}

/* A record counts before a log, a log before a hint. */
static void shape(struct tree *tr)
{
    for (int g = 0; g < GRADES; g++)
        for (size_t b = 0; b < sizeof(branches) / sizeof(branches[0]); b++)
            hang(tr, branches[b], (enum lineage_grade)g);
}

static int older(const void *a, const void *b, void *ctx)
{
    const struct lineage *l = ctx;
    const struct lineage_node *x = &l->nodes[*(const size_t *)a];
    const struct lineage_node *y = &l->nodes[*(const size_t *)b];
    int r = strcmp(x->time ? x->time : "~", y->time ? y->time : "~");

    return r ? r : strcmp(x->id, y->id);
}

static int make(struct tree *tr, struct err *e)
{
    size_t n = tr->l->nnodes;

    tr->parent = calloc(n + 1, sizeof(*tr->parent));
    tr->done = calloc(n + 1, sizeof(*tr->done));
    tr->order = calloc(n + 1, sizeof(*tr->order));
    if (!tr->parent || !tr->done || !tr->order)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++) {
        tr->parent[i] = LINEAGE_NONE;
        tr->order[i] = i;
    }
    qsort_r(tr->order, n, sizeof(*tr->order), older,
            (void *)(uintptr_t)tr->l);
    shape(tr);
    return 0;
}

/* ------------------------------------------------------------- its lines */

static void put_shown(struct text *t, const char *before, const char *s)
{
    if (!s || !*s)
        return;
    text_add(t, before);
    text_add_shown(t, s);
}

static void put_node(struct tree *tr, size_t node)
{
    const struct lineage_node *n = &tr->l->nodes[node];
    struct text *t = tr->t;

    text_add(t, n->id);
    put_shown(t, "  ", n->time);
    if (n->gib)
        text_addf(t, "  %" PRIu64 " GiB", n->gib);
    put_shown(t, "  ", n->status);
    if (n->state == LINEAGE_GONE)
        text_add(t, "  gone: EC2 does not know it here");
    if (n->state == LINEAGE_NAMED && n->kind == RESOURCE_SNAPSHOT)
        text_add(t, "  not asked for: it is not known whether it still is "
                 "there");
    if (n->state == LINEAGE_REFUSED)
        text_add(t, "  could not be asked for");
    put_shown(t, "  in region ", n->region);
    put_shown(t, "  deleted, says CloudTrail, ", n->deleted);
    if (node == tr->l->target)
        text_add(t, "  <== asked for");
    text_add(t, "\n");
}

/* "relation ID [grade: proof: detail]" */
static void put_link(struct text *t, const struct lineage *l,
                     const struct lineage_link *k)
{
    text_addf(t, "%s %s  [%s: %s", lineage_relation_words(k->relation),
              l->nodes[k->to].id,
              lineage_grade_words(lineage_link_grade(k)),
              lineage_proof_words(k->proof));
    put_shown(t, ": ", k->detail);
    text_add(t, "]\n");
}

static void put_indent(struct tree *tr, const char *more)
{
    if (tr->indent.s)
        text_addn(tr->t, tr->indent.s, tr->indent.len);
    text_add(tr->t, more);
}

/* Images hang nowhere: what uses a snapshot is told with it. */
static bool is_told_here(const struct lineage_link *k, size_t node)
{
    return k->from == node
        || (k->to == node && k->relation == LINEAGE_USES);
}

static void put_links(struct tree *tr, size_t node, const char *rail)
{
    const struct lineage *l = tr->l;

    for (size_t i = 0; i < l->nlinks; i++) {
        const struct lineage_link *k = &l->links[i];

        if (!is_told_here(k, node))
            continue;
        put_indent(tr, rail);
        if (k->from != node)
            text_addf(tr->t, "%s: ", l->nodes[k->from].id);
        put_link(tr->t, l, k);
    }
}

static bool hangs_below(const struct tree *tr, size_t child, size_t node)
{
    return tr->parent[child] != LINEAGE_NONE && !tr->done[child]
        && tr->l->links[tr->parent[child]].to == node;
}

static size_t next_child(const struct tree *tr, size_t node, size_t from)
{
    for (size_t i = from; i < tr->l->nnodes; i++)
        if (hangs_below(tr, tr->order[i], node))
            return i;
    return LINEAGE_NONE;
}

static void put_tree(struct tree *tr, size_t node);

static void put_child(struct tree *tr, size_t child, bool last)
{
    size_t n = tr->indent.len;

    put_indent(tr, last ? "`- " : "+- ");
    text_add(&tr->indent, last ? "   " : "|  ");
    put_tree(tr, child);
    tr->indent.len = n;
    if (tr->indent.s)
        tr->indent.s[n] = '\0';
}

static void put_tree(struct tree *tr, size_t node)
{
    size_t at = next_child(tr, node, 0);

    tr->done[node] = true;
    put_node(tr, node);
    put_links(tr, node, at == LINEAGE_NONE ? "     " : "|    ");
    while (at != LINEAGE_NONE) {
        size_t next = next_child(tr, node, at + 1);

        put_child(tr, tr->order[at], next == LINEAGE_NONE);
        at = next;
    }
}

/* It was compared, which is told with it and nowhere else. */
static bool is_compared(const struct lineage *l, size_t node)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].from == node
            && l->links[i].relation == LINEAGE_COMPARABLE)
            return true;
    return false;
}

/* What is only named by links of others needs no tree of its own. */
static bool is_root(const struct tree *tr, size_t node)
{
    if (tr->done[node] || tr->parent[node] != LINEAGE_NONE)
        return false;
    return node == tr->l->target || next_child(tr, node, 0) != LINEAGE_NONE
        || is_compared(tr->l, node);
}

int chain_compose_tree(const struct lineage *l, struct text *t,
                       struct err *e)
{
    struct tree tr = { .l = l, .t = t };
    int r = make(&tr, e);

    for (size_t i = 0; r == 0 && i < l->nnodes; i++)
        if (is_root(&tr, tr.order[i]))
            put_tree(&tr, tr.order[i]);
    if (tr.indent.failed)
        t->failed = true;
    text_free(&tr.indent);
    free(tr.parent);
    free(tr.done);
    free(tr.order);
    return r;
}
