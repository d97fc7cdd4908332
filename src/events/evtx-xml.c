/* SPDX-License-Identifier: Apache-2.0 */
#include "events/evtx-xml.h"

#include <stdint.h>
#include <string.h>

#include "events/evtx-tree.h"
#include "events/evtx-value.h"
#include "fs/bytes.h"

enum {
    END = 0x00, OPEN = 0x01, CLOSE_START = 0x02, CLOSE_EMPTY = 0x03,
    CLOSE = 0x04, VALUE = 0x05, ATTRIBUTE = 0x06, CDATA = 0x07,
    CHARACTER = 0x08, ENTITY = 0x09, PI_TARGET = 0x0a, PI_DATA = 0x0b,
    TEMPLATE = 0x0c, SUBSTITUTE = 0x0d, SUBSTITUTE_OPTIONAL = 0x0e,
    FRAGMENT = 0x0f,
    MORE = 0x40,               /* with any of them */
};

enum {
    TEMPLATE_HEAD = 24,        /* next template, GUID, size */
    VALUES_MAX = 512,
};

/* The values of the template that is being filled in. */
struct values {
    unsigned count;
    size_t at[VALUES_MAX];
    uint16_t size[VALUES_MAX];
    uint8_t type[VALUES_MAX];
};

struct reader {
    struct evtx_tree tree;
    const struct evtx_view *view;
    unsigned nest;
};

/* A stretch that is being read. */
struct stretch {
    size_t at, end;
    bool has_dependency;       /* of a template: its elements have two more */
    const struct values *values;
};

static bool read_stretch(struct reader *r, struct stretch s);

static bool damaged(struct reader *r)
{
    r->tree.x->is_part = true;
    return false;
}

static bool too_much(struct reader *r)
{
    r->tree.x->is_cut = true;
    return false;
}

/* The next n bytes of the stretch; NULL: it has ended. */
static const unsigned char *take(struct reader *r, struct stretch *s, size_t n)
{
    const unsigned char *p = n <= s->end - s->at
        ? evtx_view_at(r->view, s->at, n) : NULL;

    if (p)
        s->at += n;
    else
        damaged(r);
    return p;
}

/* ------------------------------------------------------------------- names */

/* Where a name is, and the name itself where this is the first. */
static bool take_name(struct reader *r, struct stretch *s,
                      struct evtx_name *name)
{
    const unsigned char *p = take(r, s, 4);
    size_t at = p ? le32_at(p) : 0;

    if (!p)
        return false;
    if (at == s->at) {
        p = take(r, s, EVTX_NAME_HEAD);
        /* A NUL is behind the characters. */
        if (!p || !take(r, s, 2u * le16_at(p + 6) + 2))
            return false;
    }
    if (!evtx_name_read(name, r->view, at))
        damaged(r);
    return true;
}

/* -------------------------------------------------------------- the tokens */

static bool open_element(struct reader *r, struct stretch *s, bool more)
{
    struct evtx_element *i = evtx_tree_open(&r->tree);

    /* Its size tells nothing that its end does not. */
    return i && take(r, s, s->has_dependency ? 6 : 4)
        && take_name(r, s, &i->name) && (!more || take(r, s, 4));
}

/* Characters, their number before them. */
static bool take_text(struct reader *r, struct stretch *s, bool is_shown)
{
    const unsigned char *p = take(r, s, 2);
    size_t n = p ? 2u * le16_at(p) : 0;

    p = p ? take(r, s, n) : NULL;
    if (p && is_shown)
        evtx_tree_value(&r->tree, EVTX_STRING, p, n);
    return p != NULL;
}

static bool take_value(struct reader *r, struct stretch *s)
{
    const unsigned char *type = take(r, s, 1);

    /* Other types are in values alone. */
    if (!type || *type != EVTX_STRING)
        return damaged(r);
    return take_text(r, s, true);
}

static bool take_entity(struct reader *r, struct stretch *s)
{
    static const struct {
        const char *name, *text;
    } known[] = {
        { "lt", "<\0" }, { "gt", ">\0" }, { "amp", "&\0" },
        { "quot", "\"\0" }, { "apos", "'\0" },
    };
    struct evtx_name name;

    if (!take_name(r, s, &name))
        return false;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(name.s, known[i].name) == 0)
            evtx_tree_value(&r->tree, EVTX_STRING,
                            (const unsigned char *)known[i].text, 2);
    return true;
}

static bool take_character(struct reader *r, struct stretch *s)
{
    const unsigned char *p = take(r, s, 2);

    if (p)
        evtx_tree_value(&r->tree, EVTX_STRING, p, 2);
    return p != NULL;
}

/* A value that is a fragment itself is read in the place of its text. */
static bool substitute(struct reader *r, struct stretch *s)
{
    const unsigned char *p = take(r, s, 3);
    const struct values *v = s->values;
    unsigned i = p ? le16_at(p) : 0;
    bool ok = true;

    if (!p || !v)
        return damaged(r);
    if (i >= v->count || v->size[i] == 0)
        return true;
    if (v->type[i] != EVTX_BINXML) {
        p = evtx_view_at(r->view, v->at[i], v->size[i]);
        if (p)
            evtx_tree_value(&r->tree, v->type[i], p, v->size[i]);
        return p || damaged(r);
    }
    if (r->nest == EVTX_NEST_MAX)
        return too_much(r);
    r->nest++;
    ok = read_stretch(r, (struct stretch){ v->at[i], v->at[i] + v->size[i],
                                           false, NULL });
    r->nest--;
    return ok;
}

/* ---------------------------------------------------------------- template */

static bool take_values(struct reader *r, struct stretch *s, struct values *v)
{
    const unsigned char *p = take(r, s, 4);
    uint32_t count = p ? le32_at(p) : 0;

    if (!p || count > VALUES_MAX || !evtx_tree_spend(&r->tree, count))
        return damaged(r);
    p = take(r, s, (size_t)count * 4);
    if (!p)
        return false;
    v->count = count;
    for (uint32_t i = 0; i < count; i++) {
        v->at[i] = s->at;
        v->size[i] = le16_at(p + 4 * i);
        v->type[i] = p[4 * i + 2];
        if (!take(r, s, v->size[i]))
            return false;
    }
    return true;
}

/* Which template, the template itself where this is its first use, values.
 * Its number is the beginning of its GUID: what else lies there now is another
 * template, or none. */
static bool take_template(struct reader *r, struct stretch *s)
{
    const unsigned char *p = take(r, s, 9), *head;
    size_t at = p ? le32_at(p + 5) : 0, size;
    struct values v;

    if (!p)
        return false;
    head = evtx_view_at(r->view, at, TEMPLATE_HEAD);
    size = head ? le32_at(head + 20) : 0;
    if (at == s->at && (!head || !take(r, s, TEMPLATE_HEAD)
                        || !take(r, s, size)))
        return damaged(r);
    if (!take_values(r, s, &v))
        return false;
    if (!head || le32_at(head + 4) != le32_at(p + 1)
        || !evtx_view_at(r->view, at + TEMPLATE_HEAD, size))
        return damaged(r), true;
    return read_stretch(r, (struct stretch){ at + TEMPLATE_HEAD,
                                             at + TEMPLATE_HEAD + size,
                                             true, &v });
}

/* A template in a template in ... */
static bool nest_template(struct reader *r, struct stretch *s)
{
    bool ok;

    if (r->nest == EVTX_NEST_MAX)
        return too_much(r);
    r->nest++;
    ok = take_template(r, s);
    r->nest--;
    return ok;
}

static bool step(struct reader *r, struct stretch *s, unsigned char token)
{
    struct evtx_name other;

    switch (token & ~MORE) {
    case OPEN:
        return open_element(r, s, token & MORE);
    case CLOSE_START:
        return r->tree.in_attribute = false, true;
    case CLOSE_EMPTY:
    case CLOSE:
        return evtx_tree_close(&r->tree);
    case VALUE:
        return take_value(r, s);
    case ATTRIBUTE:
        return r->tree.in_attribute = true, take_name(r, s, &r->tree.attribute);
    case CDATA:
        return take_text(r, s, true);
    case CHARACTER:
        return take_character(r, s);
    case ENTITY:
        return take_entity(r, s);
    case PI_TARGET:
        return take_name(r, s, &other);
    case PI_DATA:
        return take_text(r, s, false);
    case TEMPLATE:
        return nest_template(r, s);
    case SUBSTITUTE:
    case SUBSTITUTE_OPTIONAL:
        return substitute(r, s);
    case FRAGMENT:
        return take(r, s, 3);
    default:
        return damaged(r);
    }
}

/* False: it cannot be gone on. */
static bool read_stretch(struct reader *r, struct stretch s)
{
    while (s.at < s.end) {
        const unsigned char *token = take(r, &s, 1);

        if (!token || !evtx_tree_spend(&r->tree, 1))
            return false;
        if (*token == END)
            return true;
        if (!step(r, &s, *token))
            return false;
    }
    return true;
}

void evtx_xml_free(struct evtx_xml *x)
{
    text_free(&x->provider);
    text_free(&x->event);
    text_free(&x->channel);
    text_free(&x->computer);
    text_free(&x->data);
}

bool evtx_xml_read(struct evtx_xml *x, const struct evtx_view *v, size_t at,
                   size_t size)
{
    struct text *all[] = { &x->provider, &x->event,  &x->channel,
                           &x->computer, &x->data };
    struct reader r = { .tree = { .x = x }, .view = v };
    unsigned steps = x->budget < EVTX_STEPS_MAX ? (unsigned)x->budget
        : EVTX_STEPS_MAX;
    bool failed = false;

    x->is_part = x->is_cut = false;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        text_clear(all[i]);
    r.tree.steps = steps;
    read_stretch(&r, (struct stretch){ at, at + size, false, NULL });
    x->budget -= steps - r.tree.steps;
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        failed = failed || all[i]->failed;
    return !failed;
}
