/* SPDX-License-Identifier: Apache-2.0 */
/* An answer of EC2 that is a list of things, each of which may hold a list of
 * its own (tags, attachments): two tables of fields say what goes where. */
#ifndef EBSIMG_EBS_XMLLIST_H
#define EBSIMG_EBS_XMLLIST_H

#include <stddef.h>

#include "base/err.h"
#include "base/xml.h"

/* Objects of one kind, in the order of the answer. */
struct xmllist {
    void *items;
    size_t count;
};

struct xmllist_kind {
    const char *name;           /* "snapshots", for messages */
    const char *root;           /* the document's only root */
    const char *item;           /* the element of one thing */
    struct xml_fields fields;
    size_t size;                /* of one object */
    size_t max;                 /* things in one answer */
    const char *inner;          /* the element of one inner thing, or NULL */
    struct xml_fields inner_fields;
    size_t inner_size;
    size_t inner_max;           /* of one thing */
    const char *inner_name;     /* "tags" */
    size_t inner_at;            /* of the struct xmllist in the object */
};

/* Reads the things into `out', which begins empty, and the text of the
 * element nextToken into *next (NULL: that is all), which the caller frees.
 * ERR_SERVICE when the answer makes no sense; xmllist_free() in either
 * case. */
int xmllist_read(const struct xmllist_kind *k, const char *xml, size_t n,
                 struct xmllist *out, char **next, struct err *e);
void xmllist_free(const struct xmllist_kind *k, struct xmllist *l);

/* Frees what one object holds. */
void xmllist_free_item(const struct xmllist_kind *k, void *item);

#endif
