/* SPDX-License-Identifier: Apache-2.0 */
/* Where in an event its text belongs: the elements that are open, and which
 * field of struct evtx_xml, or what label in its data, a text of the innermost
 * one is.  Of evtx-xml.c. */
#ifndef EBSIMG_EVENTS_EVTX_TREE_H
#define EBSIMG_EVENTS_EVTX_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "events/evtx-name.h"
#include "events/evtx-said.h"

struct evtx_element {
    struct evtx_name name;     /* or what its attribute Name says */
    bool has_text;
};

struct evtx_tree {
    struct evtx_xml *x;
    unsigned steps;            /* that may still be taken */
    /* The elements that are open: 0 is Event, 1 System or the data. */
    unsigned depth;
    struct evtx_element open[EVTX_DEPTH_MAX];
    bool in_attribute;
    struct evtx_name attribute;
};

/* False, and the event is cut: there were too many. */
bool evtx_tree_spend(struct evtx_tree *t, size_t steps);

/* The next element, named by the caller; NULL, and the event is cut: there are
 * too many. */
struct evtx_element *evtx_tree_open(struct evtx_tree *t);

/* False, and the event is part: there is none. */
bool evtx_tree_close(struct evtx_tree *t);

/* A text, or a value of another type, that comes now. */
void evtx_tree_value(struct evtx_tree *t, unsigned type,
                     const unsigned char *p, size_t n);

#endif
