#include "lineage/chain-show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ------------------------------------------------------------------ JSON */

static void put_text(struct text *t, const char *key, const char *value)
{
    if (!value || !*value)
        return;
    text_addf(t, ",\"%s\":", key);
    text_add_json(t, value);
}

static void put_node(struct text *t, const struct lineage_node *n)
{
    text_addf(t, "{\"id\":\"%s\",\"kind\":\"%s\",\"state\":\"%s\"", n->id,
              resource_name(n->kind), lineage_state_name(n->state));
    put_text(t, "time", n->time);
    if (n->time_logged)
        put_text(t, "time_proof", lineage_proof_name(PROOF_CLOUDTRAIL));
    if (n->gib)
        text_addf(t, ",\"gib\":%" PRIu64, n->gib);
    put_text(t, "status", n->status);
    put_text(t, "owner", n->owner);
    put_text(t, "region", n->region);
    put_text(t, "deleted", n->deleted);
    put_text(t, "description", n->description);
    text_add(t, "}");
}

static void put_link(struct text *t, const struct lineage *l,
                     const struct lineage_link *k)
{
    text_addf(t, "{\"from\":\"%s\",\"relation\":\"%s\",\"to\":\"%s\","
              "\"proof\":\"%s\",\"grade\":\"%s\"", l->nodes[k->from].id,
              lineage_relation_name(k->relation), l->nodes[k->to].id,
              lineage_proof_name(k->proof),
              lineage_grade_name(lineage_link_grade(k)));
    put_text(t, "detail", k->detail);
    text_add(t, "}");
}

/* Snapshots that something names and nobody can read. */
static void put_gaps(struct text *t, const struct lineage *l)
{
    bool any = false;

    for (size_t i = 0; i < l->nnodes; i++) {
        const struct lineage_node *n = &l->nodes[i];

        if (n->kind != RESOURCE_SNAPSHOT || n->state != LINEAGE_GONE)
            continue;
        text_addf(t, "%s\"%s\"", any ? "," : "", n->id);
        any = true;
    }
}

void chain_compose_json(const struct chain *c, struct text *t)
{
    const struct lineage *l = &c->lineage;

    text_addf(t, "{\"target\":\"%s\",\"region\":", c->target);
    text_add_json(t, l->region);
    text_add(t, ",\"service\":");
    service_add_json(c->service.aws, &c->service.settings, t);
    text_add(t, ",\"nodes\":[");
    for (size_t i = 0; i < l->nnodes; i++) {
        text_add(t, i ? "," : "");
        put_node(t, &l->nodes[i]);
    }
    text_add(t, "],\"links\":[");
    for (size_t i = 0; i < l->nlinks; i++) {
        text_add(t, i ? "," : "");
        put_link(t, l, &l->links[i]);
    }
    text_add(t, "],\"gaps\":[");
    put_gaps(t, l);
    text_addf(t, "],\"probes\":%" PRIu64 ",\"pairs_left_out\":%" PRIu64
              ",\"notes\":[", c->probes, c->left_out);
    for (size_t i = 0; i < c->notes.count; i++) {
        text_add(t, i ? "," : "");
        text_add_json(t, c->notes.list[i]);
    }
    text_add(t, "]}\n");
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
    "among those\nthat are left.  `can be compared' proves that two snapshots "
    "are related, not which\none was first.  Hints are text that anybody can "
    "write.  Each snapshot is complete\nin itself and needs no other one to "
    "be acquired.\n";

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
