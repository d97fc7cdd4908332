/* SPDX-License-Identifier: Apache-2.0 */
#include "events/evtx-tree.h"

#include <string.h>

#include "events/evtx-value.h"

bool evtx_tree_spend(struct evtx_tree *t, size_t steps)
{
    if (steps <= t->steps) {
        t->steps -= (unsigned)steps;
        return true;
    }
    t->x->is_cut = true;
    return false;
}

struct evtx_element *evtx_tree_open(struct evtx_tree *t)
{
    struct evtx_element *i;

    t->in_attribute = false;
    if (t->depth == EVTX_DEPTH_MAX) {
        t->x->is_cut = true;
        return NULL;
    }
    i = &t->open[t->depth++];
    i->name.s[0] = '\0';
    i->has_text = false;
    return i;
}

bool evtx_tree_close(struct evtx_tree *t)
{
    t->in_attribute = false;
    if (t->depth == 0) {
        t->x->is_part = true;
        return false;
    }
    t->depth--;
    return true;
}

static bool is_in(const struct evtx_tree *t, unsigned depth, const char *name)
{
    return t->depth > depth && strcmp(t->open[depth].name.s, name) == 0;
}

static bool is_name(const struct evtx_tree *t)
{
    return t->in_attribute && strcmp(t->attribute.s, "Name") == 0;
}

/* The field that is told now; NULL: none that we tell. */
static struct text *field_of_system(struct evtx_tree *t)
{
    struct evtx_xml *x = t->x;

    if (t->in_attribute)
        return is_in(t, 2, "Provider") && is_name(t) ? &x->provider : NULL;
    return is_in(t, 2, "EventID") ? &x->event
        : is_in(t, 2, "Channel") ? &x->channel
        : is_in(t, 2, "Computer") ? &x->computer : NULL;
}

/* "Name=" before the first text of an element; a Data without a name is its
 * text alone. */
static void add_label(struct evtx_tree *t, struct evtx_element *i)
{
    struct text *data = &t->x->data;

    if (i->has_text)
        return;
    i->has_text = true;
    text_add(data, data->len ? " " : "");
    if (strcmp(i->name.s, "Data") != 0)
        text_addf(data, "%s=", i->name.s);
}

static void add_to(struct evtx_tree *t, struct text *to, size_t limit,
                   unsigned type, const unsigned char *p, size_t n)
{
    if (!evtx_value_add(to, limit, type, p, n))
        t->x->is_cut = true;
}

/* It tells what the element is better than the element's own name. */
static void rename_element(struct evtx_tree *t, unsigned type,
                           const unsigned char *p, size_t n)
{
    struct evtx_element *top = &t->open[t->depth - 1];
    autotext struct text name = TEXT_INIT;

    add_to(t, &name, EVTX_NAME_MAX, type, p, n);
    if (name.len && name.len < sizeof(top->name.s))
        strcpy(top->name.s, name.s);
}

void evtx_tree_value(struct evtx_tree *t, unsigned type,
                     const unsigned char *p, size_t n)
{
    struct text *data = &t->x->data, *field;

    if (n == 0 || !evtx_tree_spend(t, n / 16 + 1))
        return;
    if (is_in(t, 1, "System")) {
        field = field_of_system(t);
        if (field)
            add_to(t, field, EVTX_WORD_MAX, type, p, n);
        return;
    }
    /* Of a part whose name is lost nobody knows what its texts are. */
    if (t->depth < 3 || is_in(t, 1, "?"))
        return;
    if (is_name(t)) {
        rename_element(t, type, p, n);
    } else if (!t->in_attribute) {
        if (data->len < EVTX_DATA_MAX)
            add_label(t, &t->open[t->depth - 1]);
        add_to(t, data, EVTX_DATA_MAX, type, p, n);
    }
}
