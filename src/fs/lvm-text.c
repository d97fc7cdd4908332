/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/lvm-text.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct lvm_text *t;
    char *at, *end;            /* *end is the NUL */
    unsigned line;
};

static int fail(const struct reader *r, const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "the text about a volume group, line %u: "
                   "%s", r->line, what);
}

/* ------------------------------------------------------------------- nodes */

/* Its number, or 0: no memory, or too many. */
static uint32_t add_node(struct lvm_text *t)
{
    if (t->count == t->room) {
        uint32_t room = t->room ? t->room * 2 : 256;
        struct lvm_node *more = room > LVM_NODES
            ? NULL : realloc(t->nodes, room * sizeof(*more));

        if (!more)
            return 0;
        t->nodes = more;
        t->room = room;
    }
    t->nodes[t->count] = (struct lvm_node){ 0 };
    return t->count++;
}

/* A new child behind `last', or the first of `parent'. */
static uint32_t add_child(struct reader *r, uint32_t parent, uint32_t last,
                          struct err *e)
{
    uint32_t node = add_node(r->t);

    if (node == 0)
        return fail(r, "there is too much of it", e), 0;
    if (last)
        r->t->nodes[last].next = node;
    else
        r->t->nodes[parent].child = node;
    return node;
}

/* ------------------------------------------------------------------ pieces */

static void skip(struct reader *r)
{
    for (;; r->at++) {
        if (*r->at == '#')
            while (r->at < r->end && *r->at != '\n')
                r->at++;
        if (r->at >= r->end || !strchr(" \t\r\n", *r->at))
            return;
        r->line += *r->at == '\n';
    }
}

/* The next character that counts; it is stepped over when it is this one. */
static bool take(struct reader *r, char c)
{
    skip(r);
    if (r->at >= r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9') || (c && strchr("_-.+/@", c));
}

/* Ends the name in place: what follows it is told in *then, and stepped
 * over. */
static char *take_name(struct reader *r, char *then)
{
    char *name, *end;

    skip(r);
    name = r->at;
    while (r->at < r->end && is_name(*r->at))
        r->at++;
    end = r->at;
    skip(r);
    if (end == name || r->at >= r->end)
        return NULL;
    *then = *r->at++;
    *end = '\0';
    return name;
}

/* Behind the quote; the text is put together where it stands. */
static char *take_string(struct reader *r)
{
    char *string = r->at, *to = string;

    for (; r->at < r->end && *r->at != '"'; r->at++) {
        if (*r->at == '\\' && r->at + 1 < r->end)
            r->at++;
        if (*r->at == '\0' || *r->at == '\n')
            return NULL;
        *to++ = *r->at;
    }
    if (r->at >= r->end)
        return NULL;
    r->at++;
    *to = '\0';
    return string;
}

static bool take_number(struct reader *r, uint64_t *out)
{
    char *from = r->at;

    *out = 0;
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
        if (__builtin_mul_overflow(*out, 10, out)
            || __builtin_add_overflow(*out, (uint64_t)(*r->at - '0'), out))
            return false;
    return r->at > from && !is_name(*r->at);
}

/* ------------------------------------------------------------------- tree */

static int read_simple(struct reader *r, struct lvm_node *node, struct err *e)
{
    if (take(r, '"')) {
        node->kind = LVM_STRING;
        node->string = take_string(r);
        return node->string ? 0 : fail(r, "a text does not end", e);
    }
    node->kind = LVM_NUMBER;
    return take_number(r, &node->number) ? 0 : fail(r, "a value", e);
}

static int read_list(struct reader *r, uint32_t list, struct err *e)
{
    uint32_t last = 0;

    r->t->nodes[list].kind = LVM_LIST;
    if (take(r, ']'))
        return 0;
    do {
        if (last && take(r, ']'))
            return 0;          /* a comma behind the last */
        last = add_child(r, list, last, e);
        if (last == 0 || read_simple(r, &r->t->nodes[last], e) < 0)
            return -1;
    } while (take(r, ','));
    return take(r, ']') ? 0 : fail(r, "a list does not end", e);
}

static int read_value(struct reader *r, uint32_t node, struct err *e)
{
    return take(r, '[') ? read_list(r, node, e)
                        : read_simple(r, &r->t->nodes[node], e);
}

static int read_section(struct reader *r, uint32_t section, unsigned depth,
                        struct err *e)
{
    uint32_t last = 0;

    if (depth > LVM_DEPTH)
        return fail(r, "too many sections inside each other", e);
    r->t->nodes[section].kind = LVM_SECTION;
    for (;;) {
        char then = '\0', *name;

        if (depth ? take(r, '}') : (skip(r), r->at >= r->end))
            return 0;
        name = take_name(r, &then);
        if (!name || (then != '{' && then != '='))
            return fail(r, "a name, and what it is of, are not here", e);
        last = add_child(r, section, last, e);
        if (last == 0)
            return -1;
        r->t->nodes[last].name = name;
        if ((then == '{' ? read_section(r, last, depth + 1, e)
                         : read_value(r, last, e)) < 0)
            return -1;
    }
}

int lvm_text_parse(struct lvm_text *t, char *bytes, size_t n, struct err *e)
{
    struct reader r = { .t = t, .at = bytes, .end = bytes + n, .line = 1 };

    *t = (struct lvm_text){ .bytes = bytes };
    /* The text is written with its NUL, which is not a part of it. */
    while (r.end > bytes && r.end[-1] == '\0')
        r.end--;
    add_node(t);
    return t->nodes ? read_section(&r, 0, 0, e) : err_nomem(e);
}

void lvm_text_free(struct lvm_text *t)
{
    free(t->bytes);
    free(t->nodes);
    *t = (struct lvm_text){ 0 };
}

/* ------------------------------------------------------------------ access */

const struct lvm_node *lvm_text_child(const struct lvm_text *t,
                                      const struct lvm_node *in)
{
    return in->child ? &t->nodes[in->child] : NULL;
}

const struct lvm_node *lvm_text_next(const struct lvm_text *t,
                                     const struct lvm_node *node)
{
    return node->next ? &t->nodes[node->next] : NULL;
}

const struct lvm_node *lvm_text_find(const struct lvm_text *t,
                                     const struct lvm_node *in,
                                     const char *name, enum lvm_kind kind)
{
    const struct lvm_node *c = lvm_text_child(t, in);

    while (c && !(c->kind == kind && strcmp(c->name, name) == 0))
        c = lvm_text_next(t, c);
    return c;
}

bool lvm_text_number(const struct lvm_text *t, const struct lvm_node *in,
                     const char *name, uint64_t *out)
{
    const struct lvm_node *c = lvm_text_find(t, in, name, LVM_NUMBER);

    if (c)
        *out = c->number;
    return c;
}

bool lvm_text_lists(const struct lvm_text *t, const struct lvm_node *in,
                    const char *name, const char *string)
{
    const struct lvm_node *c = lvm_text_find(t, in, name, LVM_LIST);

    for (c = c ? lvm_text_child(t, c) : NULL; c; c = lvm_text_next(t, c))
        if (c->kind == LVM_STRING && strcmp(c->string, string) == 0)
            return true;
    return false;
}
