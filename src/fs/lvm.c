/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/lvm.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "fs/lvm-group.h"

#define GROUPS 64u
#define NOTES 64u

struct lvm {
    const struct fs_source *source[LVM_SOURCES];
    char id[LVM_SOURCES][LVM_ID + 1];
    bool named[LVM_SOURCES];   /* a group has it */
    size_t sources;
    struct lvm_group *group[GROUPS];
    size_t groups;
    char *note[NOTES];
    size_t notes;
};

struct lvm *lvm_new(struct err *e)
{
    struct lvm *l = calloc(1, sizeof(*l));

    if (!l)
        err_nomem(e);
    return l;
}

static void free_group(struct lvm_group *g)
{
    if (g)
        lvm_group_free(g);
    free(g);
}

void lvm_free(struct lvm *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->groups; i++)
        free_group(l->group[i]);
    for (size_t i = 0; i < l->notes; i++)
        free(l->note[i]);
    free(l);
}

/* What is more than there is room for is said by the last one. */
static int add_note(struct lvm *l, const char *text, struct err *e)
{
    if (l->notes == NOTES)
        return 0;
    l->note[l->notes] = strdup(l->notes == NOTES - 1 ? "there is more of this"
                                                     : text);
    if (!l->note[l->notes])
        return err_nomem(e);
    l->notes++;
    return 0;
}

/* Damage is a note; what else there is ends it. */
static int note_err(struct lvm *l, const struct err *why, struct err *e)
{
    if (why->kind == ERR_SOURCE || why->kind == ERR_VERIFY)
        return add_note(l, why->msg, e);
    *e = *why;
    return -1;
}

/* --------------------------------------------------------------------- add */

/* The newest text about a group counts; takes `g'. */
static int keep_group(struct lvm *l, struct lvm_group *g, struct err *e)
{
    for (size_t i = 0; i < l->groups; i++) {
        struct lvm_group *have = l->group[i];

        if (strcmp(have->id, g->id) != 0)
            continue;
        l->group[i] = g->number > have->number ? g : have;
        free_group(g->number > have->number ? have : g);
        return 0;
    }
    if (l->groups == GROUPS) {
        free_group(g);
        return add_note(l, "there are too many volume groups", e);
    }
    l->group[l->groups++] = g;
    return 0;
}

static int read_area(struct lvm *l, const struct fs_source *s,
                     const struct lvm_area *a, struct err *e)
{
    struct lvm_group *g;
    struct err why = ERR_INIT;
    char *text;
    size_t n;
    int r = lvm_area_read(s, a, &text, &n, &why);

    if (r <= 0)
        return r < 0 ? note_err(l, &why, e) : 0;
    g = malloc(sizeof(*g));
    if (!g) {
        free(text);
        return err_nomem(e);
    }
    if (lvm_group_parse(g, text, n, &why) == 0)
        return keep_group(l, g, e);
    free_group(g);
    return note_err(l, &why, e);
}

int lvm_add(struct lvm *l, const struct fs_source *s, struct err *e)
{
    struct lvm_label label;

    if (lvm_label_read(s, &label, e) < 0)
        return -1;
    if (l->sources == LVM_SOURCES)
        return err_set(e, ERR_SOURCE, 0, "more than %u physical volumes",
                       LVM_SOURCES);
    for (size_t i = 0; i < l->sources; i++)
        if (strcmp(l->id[i], label.id) == 0)
            return err_set(e, ERR_SOURCE, 0, "a physical volume with the same "
                           "identity is there already");
    memcpy(l->id[l->sources], label.id, sizeof(label.id));
    l->source[l->sources++] = s;
    for (unsigned i = 0; i < label.areas; i++)
        if (read_area(l, s, &label.area[i], e) < 0)
            return -1;
    return 0;
}

/* --------------------------------------------------------------------- map */

/* A logical volume read as a whole, piece by piece. */
static int read_volume(void *ctx, uint64_t offset, void *to, size_t n,
                       struct err *e)
{
    const struct lvm_logical *v = ctx;
    unsigned char *out = to;

    while (n) {
        uint64_t part = n, at;
        const struct lvm_segment *s = lvm_logical_at(v, offset);
        size_t which;

        if (part > s->size - (offset - s->from))
            part = s->size - (offset - s->from);
        lvm_segment_place(s, offset, &part, &which, &at);
        if (fs_source_read(v->lvm->source[which], at, out, (size_t)part,
                           e) < 0)
            return err_in(e, "logical volume %s/%s", v->volume.group,
                          v->volume.name);
        out += part;
        offset += part;
        n -= (size_t)part;
    }
    return 0;
}

static void connect(struct lvm *l, struct lvm_group *g)
{
    for (size_t i = 0; i < g->volumes; i++) {
        struct lvm_logical *v = &g->logical[i];

        v->lvm = l;
        v->volume.source.read = read_volume;
        v->volume.source.ctx = v;
        if (v->volume.refused)
            v->volume.source.size = 0;
    }
    for (size_t i = 0; i < g->count; i++)
        if (g->physical[i].which != SIZE_MAX)
            l->named[g->physical[i].which] = true;
}

static int note_unnamed(struct lvm *l, struct err *e)
{
    for (size_t i = 0; i < l->sources; i++) {
        autotext struct text t = TEXT_INIT;

        if (l->named[i])
            continue;
        text_addf(&t, "no text that is here tells which volume group the "
                  "physical volume %s is of", l->id[i]);
        if (t.failed)
            return err_nomem(e);
        if (add_note(l, t.s, e) < 0)
            return -1;
    }
    return 0;
}

int lvm_map(struct lvm *l, struct err *e)
{
    for (size_t i = 0; i < l->groups; i++) {
        struct err why = ERR_INIT;

        if (lvm_group_map(l->group[i], l->id, l->sources, &why) < 0
            && note_err(l, &why, e) < 0)
            return -1;
        connect(l, l->group[i]);
    }
    return note_unnamed(l, e);
}

/* ------------------------------------------------------------------ access */

size_t lvm_count(const struct lvm *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->groups; i++)
        n += l->group[i]->volumes;
    return n;
}

static const struct lvm_logical *logical(const struct lvm *l, size_t i)
{
    size_t g = 0;

    for (; i >= l->group[g]->volumes; g++)
        i -= l->group[g]->volumes;
    return &l->group[g]->logical[i];
}

const struct lvm_volume *lvm_volume(const struct lvm *l, size_t i)
{
    return &logical(l, i)->volume;
}

const char *lvm_note(const struct lvm *l, size_t i)
{
    return i < l->notes ? l->note[i] : NULL;
}

void lvm_place(const struct lvm *l, size_t i, uint64_t offset, uint64_t *n,
               size_t *which, uint64_t *at)
{
    const struct lvm_logical *v = logical(l, i);
    const struct lvm_segment *s = lvm_logical_at(v, offset);

    if (*n > s->size - (offset - s->from))
        *n = s->size - (offset - s->from);
    lvm_segment_place(s, offset, n, which, at);
}
