/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/lvm-segment.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refuse(char **why, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(char **why, struct err *e, const char *fmt, ...)
{
    va_list list;
    int n;

    va_start(list, fmt);
    n = vasprintf(why, fmt, list);
    va_end(list);
    if (n >= 0)
        return 0;
    *why = NULL;
    return err_nomem(e);
}

static const struct lvm_physical *physical_of(const struct lvm_group_facts *g,
                                              const char *name)
{
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->physical[i].name, name) == 0)
            return &g->physical[i];
    return NULL;
}

/* "pv0", 17: the area of one stripe, of `extents'. */
static int read_stripe(const struct lvm_group_facts *g,
                       const struct lvm_node *name,
                       const struct lvm_node *first, uint64_t extents,
                       struct lvm_stripe *s, char **why, struct err *e)
{
    const struct lvm_physical *p;
    uint64_t end, bytes;

    if (!first || name->kind != LVM_STRING || first->kind != LVM_NUMBER)
        return refuse(why, e, "its stripes are damaged");
    p = physical_of(g, name->string);
    if (!p)
        return refuse(why, e, "it is a part of %s, which is no physical "
                      "volume", name->string);
    if (p->which == SIZE_MAX)
        return refuse(why, e, "the physical volume %s is not here", p->name);
    if (__builtin_add_overflow(first->number, extents, &end)
        || end > p->extents
        || __builtin_mul_overflow(end, g->extent, &bytes)
        || __builtin_add_overflow(bytes, p->start, &bytes))
        return refuse(why, e, "it is past the end of %s", p->name);
    s->which = p->which;
    s->at = p->start + first->number * g->extent;
    return 1;
}

static int read_stripes(const struct lvm_group_facts *g,
                        const struct lvm_node *node, struct lvm_segment *s,
                        uint64_t extents, char **why, struct err *e)
{
    const struct lvm_node *list = lvm_text_find(g->text, node, "stripes",
                                                LVM_LIST);
    const struct lvm_node *at = list ? lvm_text_child(g->text, list) : NULL;

    s->stripe = calloc(s->stripes, sizeof(*s->stripe));
    if (!s->stripe)
        return err_nomem(e);
    for (unsigned i = 0; i < s->stripes; i++) {
        const struct lvm_node *first = at ? lvm_text_next(g->text, at) : NULL;
        int r = at ? read_stripe(g, at, first, extents, &s->stripe[i], why, e)
                   : refuse(why, e, "its stripes are damaged");

        if (r <= 0)
            return r;
        at = lvm_text_next(g->text, first);
    }
    return at ? refuse(why, e, "its stripes are damaged") : 1;
}

/* What it is made of: its size in bytes and that of a chunk. */
static int read_sizes(const struct lvm_group_facts *g,
                      const struct lvm_node *node, struct lvm_segment *s,
                      uint64_t *extents, char **why, struct err *e)
{
    uint64_t from = 0, chunk = 0, stripes = 0, end;

    *extents = 0;
    lvm_text_number(g->text, node, "start_extent", &from);
    lvm_text_number(g->text, node, "extent_count", extents);
    lvm_text_number(g->text, node, "stripe_count", &stripes);
    lvm_text_number(g->text, node, "stripe_size", &chunk);
    if (*extents == 0 || __builtin_add_overflow(from, *extents, &end)
        || __builtin_mul_overflow(end, g->extent, &end) || end > INT64_MAX)
        return refuse(why, e, "a piece of it is damaged");
    s->from = from * g->extent;
    s->size = *extents * g->extent;
    if (stripes == 0 || stripes > LVM_STRIPES || *extents % stripes)
        return refuse(why, e, "the number of its stripes");
    s->stripes = (unsigned)stripes;
    *extents /= stripes;
    s->chunk = s->size;
    if (stripes > 1 && (chunk == 0 || chunk > UINT32_MAX
                        || g->extent % (chunk * LVM_SECTOR)))
        return refuse(why, e, "the size of its stripes");
    if (stripes > 1)
        s->chunk = chunk * LVM_SECTOR;
    return 1;
}

int lvm_segment_read(const struct lvm_group_facts *g,
                     const struct lvm_node *node, struct lvm_segment *s,
                     char **why, struct err *e)
{
    const struct lvm_node *type = lvm_text_find(g->text, node, "type",
                                                LVM_STRING);
    uint64_t extents;
    int r;

    *s = (struct lvm_segment){ 0 };
    if (!type)
        return refuse(why, e, "a piece of it is damaged");
    if (strcmp(type->string, "striped") != 0
        && strcmp(type->string, "linear") != 0)
        return refuse(why, e, "it is of the kind %s", type->string);
    r = read_sizes(g, node, s, &extents, why, e);
    return r > 0 ? read_stripes(g, node, s, extents, why, e) : r;
}

void lvm_segment_place(const struct lvm_segment *s, uint64_t offset,
                       uint64_t *n, size_t *which, uint64_t *at)
{
    uint64_t in = offset - s->from;
    uint64_t chunk = in / s->chunk, rest = in % s->chunk;
    const struct lvm_stripe *t = &s->stripe[chunk % s->stripes];

    if (*n > s->chunk - rest)
        *n = s->chunk - rest;
    *which = t->which;
    *at = t->at + chunk / s->stripes * s->chunk + rest;
}
