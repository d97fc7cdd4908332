/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/xmllist.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct parse {
    const struct xmllist_kind *kind;
    struct xmllist *out;
    char **next;
    char *next_path;      /* "Root/nextToken" */
    unsigned roots;       /* elements of that name; the document has one */
    uint32_t seen;        /* fields of the thing that is open */
    uint32_t inner_seen;
};

static void *item_at(const struct xmllist *l, size_t size, size_t n)
{
    return (char *)l->items + n * size;
}

static void *last(const struct xmllist *l, size_t size)
{
    return item_at(l, size, l->count - 1);
}

static int add(struct xmllist *l, size_t size, size_t max, const char *name,
               struct err *e)
{
    void *more;

    if (l->count == max)
        return err_set(e, ERR_SERVICE, 0, "more than %zu %s", max, name);
    more = realloc(l->items, (l->count + 1) * size);
    if (!more)
        return err_nomem(e);
    l->items = more;
    memset(item_at(l, size, l->count++), 0, size);
    return 0;
}

/* The inner list of the thing that is open, or NULL. */
static struct xmllist *inner_list(const struct parse *p)
{
    const struct xmllist_kind *k = p->kind;
    char *thing;

    if (!k->inner || !p->out->count)
        return NULL;
    thing = last(p->out, k->size);
    return (struct xmllist *)(void *)(thing + k->inner_at);
}

static int begin(void *ctx, const char *path, struct err *e)
{
    struct parse *p = ctx;
    const struct xmllist_kind *k = p->kind;
    struct xmllist *inner = inner_list(p);

    if (strcmp(path, k->root) == 0)
        p->roots++;
    if (strcmp(path, k->item) == 0) {
        p->seen = 0;
        return add(p->out, k->size, k->max, k->name, e);
    }
    if (inner && strcmp(path, k->inner) == 0) {
        p->inner_seen = 0;
        return add(inner, k->inner_size, k->inner_max, k->inner_name, e);
    }
    return 0;
}

static int end_next(struct parse *p, const char *text, struct err *e)
{
    if (!text || *p->next)
        return err_set(e, ERR_SERVICE, 0, "%s makes no sense", p->next_path);
    /* An empty element is how EC2 ends a list, too. */
    if (!text[0])
        return 0;
    *p->next = strdup(text);
    return *p->next ? 0 : err_nomem(e);
}

static int store(struct parse *p, const char *path, const char *text,
                 struct err *e)
{
    const struct xmllist_kind *k = p->kind;
    struct xmllist *inner = inner_list(p);

    if (inner && inner->count
        && xml_store(&k->inner_fields, &p->inner_seen,
                     last(inner, k->inner_size), path, text, e) < 0)
        return -1;
    if (!p->out->count)
        return 0;
    return xml_store(&k->fields, &p->seen, last(p->out, k->size), path, text,
                     e);
}

static int end(void *ctx, const char *path, const char *text, struct err *e)
{
    struct parse *p = ctx;
    const struct xmllist_kind *k = p->kind;

    if (strcmp(path, p->next_path) == 0)
        return end_next(p, text, e);
    if (strcmp(path, k->item) == 0)
        return xml_complete(&k->fields, p->seen, e);
    if (k->inner && strcmp(path, k->inner) == 0)
        return xml_complete(&k->inner_fields, p->inner_seen, e);
    return store(p, path, text, e);
}

int xmllist_read(const struct xmllist_kind *k, const char *xml, size_t n,
                 struct xmllist *out, char **next, struct err *e)
{
    static const struct xml_handler handler = { begin, end };
    autotext struct text path = TEXT_INIT;
    struct parse p = { .kind = k, .out = out, .next = next };

    memset(out, 0, sizeof(*out));
    *next = NULL;
    text_addf(&path, "%s/nextToken", k->root);
    if (path.failed)
        return err_nomem(e);
    p.next_path = path.s;
    if (xml_read(xml, n, &handler, &p, e) < 0)
        return err_in(e, "the answer of EC2");
    if (!p.roots)
        return err_set(e, ERR_SERVICE, 0, "the answer of EC2 is not about %s",
                       k->name);
    return 0;
}

void xmllist_free_item(const struct xmllist_kind *k, void *item)
{
    struct xmllist *inner = (void *)((char *)item + k->inner_at);

    xml_free(&k->fields, item);
    if (!k->inner)
        return;
    for (size_t i = 0; i < inner->count; i++)
        xml_free(&k->inner_fields, item_at(inner, k->inner_size, i));
    free(inner->items);
    memset(inner, 0, sizeof(*inner));
}

void xmllist_free(const struct xmllist_kind *k, struct xmllist *l)
{
    for (size_t i = 0; i < l->count; i++)
        xmllist_free_item(k, item_at(l, k->size, i));
    free(l->items);
    memset(l, 0, sizeof(*l));
}
