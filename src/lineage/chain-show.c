/* SPDX-License-Identifier: Apache-2.0 */
#include "lineage/chain-show.h"

#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------------ JSON */

static void put_text(struct text *t, const char *key, const char *value)
{
    if (value && *value)
        json_put_text(t, key, value);
}

static void put_node(struct text *t, const struct lineage_node *n)
{
    json_open(t, NULL, '{');
    json_put_text(t, "id", n->id);
    json_put_text(t, "kind", resource_name(n->kind));
    json_put_text(t, "state", lineage_state_name(n->state));
    put_text(t, "time", n->time);
    if (n->time_logged)
        put_text(t, "time_proof", lineage_proof_name(PROOF_CLOUDTRAIL));
    if (n->gib)
        json_put_u64(t, "gib", n->gib);
    put_text(t, "status", n->status);
    put_text(t, "owner", n->owner);
    put_text(t, "region", n->region);
    put_text(t, "deleted", n->deleted);
    put_text(t, "description", n->description);
    json_close(t, '}');
}

static void put_link(struct text *t, const struct lineage *l,
                     const struct lineage_link *k)
{
    json_open(t, NULL, '{');
    json_put_text(t, "from", l->nodes[k->from].id);
    json_put_text(t, "relation", lineage_relation_name(k->relation));
    json_put_text(t, "to", l->nodes[k->to].id);
    json_put_text(t, "proof", lineage_proof_name(k->proof));
    json_put_text(t, "grade", lineage_grade_name(lineage_link_grade(k)));
    put_text(t, "detail", k->detail);
    json_close(t, '}');
}

/* Snapshots that something names and nobody can read. */
static void put_gaps(struct text *t, const struct lineage *l)
{
    for (size_t i = 0; i < l->nnodes; i++) {
        const struct lineage_node *n = &l->nodes[i];

        if (n->kind != RESOURCE_SNAPSHOT || n->state != LINEAGE_GONE)
            continue;
        json_put_text(t, NULL, n->id);
    }
}

void chain_compose_json(const struct chain *c, struct text *t)
{
    const struct lineage *l = &c->lineage;

    json_open(t, NULL, '{');
    json_put_text(t, "target", c->target);
    json_put_text(t, "region", l->region);
    json_put_value(t, "service", "");
    service_add_json(c->service.aws, &c->service.settings, t);
    json_open(t, "nodes", '[');
    for (size_t i = 0; i < l->nnodes; i++)
        put_node(t, &l->nodes[i]);
    json_close(t, ']');
    json_open(t, "links", '[');
    for (size_t i = 0; i < l->nlinks; i++)
        put_link(t, l, &l->links[i]);
    json_close(t, ']');
    json_open(t, "gaps", '[');
    put_gaps(t, l);
    json_close(t, ']');
    json_put_u64(t, "probes", c->probes);
    json_put_u64(t, "pairs_left_out", c->left_out);
    json_open(t, "notes", '[');
    for (size_t i = 0; i < c->notes.count; i++)
        json_put_text(t, NULL, c->notes.list[i]);
    json_close(t, ']');
    json_close(t, '}');
    text_add(t, "\n");
}

/* ------------------------------------------------------------------- dot */

/* What may be shown, and then the two characters that mean something between
 * the quotes of a dot file. */
static void put_quoted(struct text *t, const char *s)
{
    autotext struct text shown = TEXT_INIT;

    text_add_shown(&shown, s);
    if (shown.failed)
        t->failed = true;
    for (const char *p = shown.s; p && *p; p++) {
        if (*p == '"' || *p == '\\')
            text_add(t, "\\");
        text_addn(t, p, 1);
    }
}

static void put_line(struct text *t, const char *s)
{
    if (!s || !*s)
        return;
    text_add(t, "\\n");
    put_quoted(t, s);
}

static const char *const shapes[] = {
    [RESOURCE_NONE] = "box",        [RESOURCE_SNAPSHOT] = "box",
    [RESOURCE_VOLUME] = "cylinder", [RESOURCE_INSTANCE] = "component",
    [RESOURCE_IMAGE] = "note",
};

static const char *const styles[GRADES] = {
    [GRADE_RECORDED] = "style=solid",
    [GRADE_RELATED] = "style=dashed, dir=none, constraint=false",
    [GRADE_UNRELATED] = "style=dashed, dir=none, color=red, constraint=false",
    [GRADE_LOG] = "style=bold",
    [GRADE_HINT] = "style=dotted",
};

static void draw_node(struct text *t, const struct lineage *l, size_t i)
{
    const struct lineage_node *n = &l->nodes[i];

    text_addf(t, "  \"%s\" [shape=%s, label=\"%s", n->id, shapes[n->kind],
              n->id);
    put_line(t, n->time);
    if (n->gib)
        text_addf(t, "\\n%" PRIu64 " GiB", n->gib);
    if (n->state != LINEAGE_KNOWN)
        put_line(t, lineage_state_name(n->state));
    put_line(t, n->region);
    text_addf(t, "\"%s%s];\n", i == l->target ? ", penwidth=3" : "",
              n->state == LINEAGE_GONE ? ", color=gray" : "");
}

static void draw_link(struct text *t, const struct lineage *l,
                      const struct lineage_link *k)
{
    enum lineage_grade grade = lineage_link_grade(k);

    text_addf(t, "  \"%s\" -> \"%s\" [%s, label=\"%s\\n%s\", tooltip=\"",
              l->nodes[k->from].id, l->nodes[k->to].id, styles[grade],
              lineage_relation_words(k->relation),
              lineage_grade_words(grade));
    put_quoted(t, lineage_proof_words(k->proof));
    if (k->detail) {
        text_add(t, ": ");
        put_quoted(t, k->detail);
    }
    text_add(t, "\"];\n");
}

void chain_compose_dot(const struct lineage *l, struct text *t)
{
    text_add(t, "digraph lineage {\n  rankdir=BT;\n  node "
             "[fontname=\"monospace\"];\n");
    for (size_t i = 0; i < l->nnodes; i++)
        draw_node(t, l, i);
    for (size_t i = 0; i < l->nlinks; i++)
        draw_link(t, l, &l->links[i]);
    text_add(t, "}\n");
}

/* ------------------------------------------------------------------ text */

static const char caveat[] =
    "\nEC2 names no parents and forgets deleted snapshots: `next after' means "
    "among those\nthat are left; equal times give no order.  `can be "
    "compared' proves that two\nsnapshots are related, not which one was "
    "first.  Hints are text that anybody can\nwrite.  Each snapshot is "
    "complete in itself and needs no other one to be\nacquired.\n";

static void add_unusual(const struct chain *c, struct text *t)
{
    autotext struct text line = TEXT_INIT;

    service_add_unusual(c->service.aws, &c->service.settings, &line);
    t->failed |= line.failed;
    if (line.len)
        text_addf(t, "\n%s", line.s);
}

static int compose_text(const struct chain *c, struct text *t, struct err *e)
{
    if (chain_compose_tree(&c->lineage, t, e) < 0)
        return -1;
    text_add(t, caveat);
    add_unusual(c, t);
    for (size_t i = 0; i < c->notes.count; i++) {
        text_add(t, i ? "note: " : "\nnote: ");
        text_add_shown(t, c->notes.list[i]);
        text_add(t, "\n");
    }
    return 0;
}

int chain_show(const struct chain *c, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (c->opt->json)
        chain_compose_json(c, &t);
    else if (c->opt->dot)
        chain_compose_dot(&c->lineage, &t);
    else if (compose_text(c, &t, e) < 0)
        return -1;
    if (t.failed)
        return err_nomem(e);
    if (fputs(t.s, stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}
