/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/lvm-group.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

/* ------------------------------------------------------------------- parse */

/* As labels have it: without the hyphens. */
static bool read_id(const struct lvm_group *g, const struct lvm_node *in,
                    char id[LVM_ID + 1])
{
    const struct lvm_node *node = lvm_text_find(&g->text, in, "id",
                                                LVM_STRING);
    size_t n = 0;

    for (const char *c = node ? node->string : ""; *c && n <= LVM_ID; c++)
        if (*c != '-' && n++ < LVM_ID)
            id[n - 1] = *c;
    id[LVM_ID] = '\0';
    return n == LVM_ID;
}

/* The section that a group is: the only one of the whole text. */
static const struct lvm_node *find_group(const struct lvm_text *t)
{
    const struct lvm_node *c = lvm_text_child(t, t->nodes);

    while (c && c->kind != LVM_SECTION)
        c = lvm_text_next(t, c);
    return c;
}

int lvm_group_parse(struct lvm_group *g, char *text, size_t n, struct err *e)
{
    *g = (struct lvm_group){ 0 };
    if (lvm_text_parse(&g->text, text, n, e) < 0)
        return -1;
    g->node = find_group(&g->text);
    if (!g->node || !read_id(g, g->node, g->id)
        || !lvm_text_number(&g->text, g->node, "seqno", &g->number))
        return err_set(e, ERR_SOURCE, 0, "the text about a volume group has "
                       "none in it");
    return 0;
}

void lvm_group_free(struct lvm_group *g)
{
    for (size_t i = 0; i < g->volumes; i++) {
        for (size_t k = 0; k < g->logical[i].segments; k++)
            free(g->logical[i].segment[k].stripe);
        free(g->logical[i].segment);
        free(g->logical[i].why);
    }
    free(g->logical);
    free(g->physical);
    lvm_text_free(&g->text);
    *g = (struct lvm_group){ 0 };
}

/* ---------------------------------------------------------------- physical */

static size_t count_sections(const struct lvm_group *g,
                             const struct lvm_node *in)
{
    size_t n = 0;

    for (const struct lvm_node *c = in ? lvm_text_child(&g->text, in) : NULL;
         c; c = lvm_text_next(&g->text, c))
        n += c->kind == LVM_SECTION;
    return n;
}

static bool read_physical(const struct lvm_group *g,
                          const struct lvm_node *node,
                          const char (*ids)[LVM_ID + 1], size_t sources,
                          struct lvm_physical *p)
{
    char id[LVM_ID + 1];
    uint64_t start = 0;

    p->name = node->name;
    p->which = SIZE_MAX;
    if (!read_id(g, node, id)
        || !lvm_text_number(&g->text, node, "pe_start", &start)
        || !lvm_text_number(&g->text, node, "pe_count", &p->extents)
        || __builtin_mul_overflow(start, LVM_SECTOR, &p->start))
        return false;
    /* It was not there when the group was changed last: what is on it now is
     * older than what the text says. */
    if (lvm_text_lists(&g->text, node, "flags", "MISSING")
        || lvm_text_lists(&g->text, node, "status", "MISSING"))
        return true;
    for (size_t i = 0; i < sources && p->which == SIZE_MAX; i++)
        if (strcmp(ids[i], id) == 0)
            p->which = i;
    return true;
}

static int map_physical(struct lvm_group *g, const char (*ids)[LVM_ID + 1],
                        size_t sources, struct err *e)
{
    const struct lvm_node *all = lvm_text_find(&g->text, g->node,
                                               "physical_volumes",
                                               LVM_SECTION);
    const struct lvm_node *c = all ? lvm_text_child(&g->text, all) : NULL;
    size_t n = count_sections(g, all);

    g->physical = calloc(n ? n : 1, sizeof(*g->physical));
    if (!g->physical)
        return err_nomem(e);
    for (; c; c = lvm_text_next(&g->text, c)) {
        if (c->kind != LVM_SECTION)
            continue;
        if (!read_physical(g, c, ids, sources, &g->physical[g->count++]))
            return err_set(e, ERR_SOURCE, 0, "volume group %s: the physical "
                           "volume %s is damaged", g->node->name, c->name);
    }
    return 0;
}

/* ----------------------------------------------------------------- logical */

/* That a snapshot keeps its differences in, or that is its origin's mirror:
 * LVM's own, though it can be seen. */
static bool holds_differences(const struct lvm_group *g,
                              const struct lvm_node *volumes,
                              const char *name)
{
    for (const struct lvm_node *v = lvm_text_child(&g->text, volumes); v;
         v = lvm_text_next(&g->text, v))
        for (const struct lvm_node *s = v->kind == LVM_SECTION
             ? lvm_text_child(&g->text, v) : NULL; s;
             s = lvm_text_next(&g->text, s)) {
            const struct lvm_node *store = s->kind == LVM_SECTION
                ? lvm_text_find(&g->text, s, "cow_store", LVM_STRING) : NULL;

            if (store && strcmp(store->string, name) == 0)
                return true;
        }
    return false;
}

/* As a value, or in a list, of a section of a volume. */
static bool names_volume(const struct lvm_text *t, const struct lvm_node *in,
                         const char *name)
{
    for (const struct lvm_node *c = lvm_text_child(t, in); c;
         c = lvm_text_next(t, c)) {
        if (c->kind == LVM_STRING && strcmp(c->string, name) == 0)
            return true;
        if (c->kind == LVM_LIST
            && lvm_text_lists(t, in, c->name, name))
            return true;
    }
    return false;
}

/* Does another volume say that it is made of this one?  A volume that is only
 * not visible may be hidden. */
static bool is_part_of_another(const struct lvm_group *g,
                               const struct lvm_node *volumes,
                               const struct lvm_node *volume)
{
    for (const struct lvm_node *v = lvm_text_child(&g->text, volumes); v;
         v = lvm_text_next(&g->text, v))
        for (const struct lvm_node *s = v->kind == LVM_SECTION && v != volume
             ? lvm_text_child(&g->text, v) : NULL; s;
             s = lvm_text_next(&g->text, s))
            if (s->kind == LVM_SECTION
                && names_volume(&g->text, s, volume->name))
                return true;
    return false;
}

static bool is_segment(const struct lvm_node *node)
{
    return node->kind == LVM_SECTION && strncmp(node->name, "segment", 7) == 0;
}

static int by_place(const void *a, const void *b)
{
    const struct lvm_segment *x = a, *y = b;

    return x->from < y->from ? -1 : x->from > y->from;
}

/* No hole and nothing twice: what is missing would be read as something
 * else. */
static bool is_whole(struct lvm_logical *v)
{
    uint64_t end = 0;

    qsort(v->segment, v->segments, sizeof(*v->segment), by_place);
    for (size_t i = 0; i < v->segments; i++) {
        if (v->segment[i].from != end)
            return false;
        end += v->segment[i].size;
    }
    v->volume.source.size = end;
    return end > 0;
}

static int read_segments(struct lvm_group *g, const struct lvm_node *node,
                         const struct lvm_group_facts *facts,
                         struct lvm_logical *v, struct err *e)
{
    size_t room = count_sections(g, node);
    uint64_t wanted = 0;

    v->segment = calloc(room ? room : 1, sizeof(*v->segment));
    if (!v->segment)
        return err_nomem(e);
    for (const struct lvm_node *c = lvm_text_child(&g->text, node); c;
         c = lvm_text_next(&g->text, c)) {
        int r = is_segment(c)
            ? lvm_segment_read(facts, c, &v->segment[v->segments++], &v->why, e)
            : 1;

        if (r <= 0) {
            v->volume.refused = v->why;
            return r;
        }
    }
    if (!lvm_text_number(&g->text, node, "segment_count", &wanted)
        || wanted != v->segments || !is_whole(v))
        v->volume.refused = "its pieces do not make a whole";
    return 0;
}

static int read_logical(struct lvm_group *g, const struct lvm_node *volumes,
                        const struct lvm_node *node,
                        const struct lvm_group_facts *facts,
                        struct lvm_logical *v, struct err *e)
{
    v->volume.group = g->node->name;
    v->volume.name = node->name;
    v->volume.internal = !lvm_text_lists(&g->text, node, "status", "VISIBLE")
        && is_part_of_another(g, volumes, node);
    if (holds_differences(g, volumes, node->name)) {
        v->volume.refused = "it holds the differences of a snapshot";
        return 0;
    }
    return read_segments(g, node, facts, v, e);
}

static int map_logical(struct lvm_group *g, const struct lvm_group_facts *facts,
                       struct err *e)
{
    const struct lvm_node *all = lvm_text_find(&g->text, g->node,
                                               "logical_volumes", LVM_SECTION);
    const struct lvm_node *c = all ? lvm_text_child(&g->text, all) : NULL;
    size_t n = count_sections(g, all);

    if (n > LVM_VOLUMES)
        return err_set(e, ERR_SOURCE, 0, "volume group %s has more than %u "
                       "volumes", g->node->name, LVM_VOLUMES);
    g->logical = calloc(n ? n : 1, sizeof(*g->logical));
    if (!g->logical)
        return err_nomem(e);
    for (; c; c = lvm_text_next(&g->text, c))
        if (c->kind == LVM_SECTION
            && read_logical(g, all, c, facts, &g->logical[g->volumes++], e) < 0)
            return -1;
    return 0;
}

int lvm_group_map(struct lvm_group *g, const char (*ids)[LVM_ID + 1],
                  size_t sources, struct err *e)
{
    struct lvm_group_facts facts = { .text = &g->text };
    uint64_t sectors = 0;

    if (!lvm_text_number(&g->text, g->node, "extent_size", &sectors)
        || sectors == 0
        || __builtin_mul_overflow(sectors, LVM_SECTOR, &facts.extent))
        return err_set(e, ERR_SOURCE, 0, "volume group %s: the size of its "
                       "extents is damaged", g->node->name);
    if (map_physical(g, ids, sources, e) < 0)
        return -1;
    facts.physical = g->physical;
    facts.count = g->count;
    return map_logical(g, &facts, e);
}

const struct lvm_segment *lvm_logical_at(const struct lvm_logical *v,
                                         uint64_t offset)
{
    size_t low = 0, high = v->segments;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (v->segment[middle].from <= offset)
            low = middle;
        else
            high = middle;
    }
    return &v->segment[low];
}
