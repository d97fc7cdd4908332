/* SPDX-License-Identifier: Apache-2.0 */
/* The XML in which EC2 and STS answer, element by element, and a table that
 * says which element goes into which field.
 *
 * The text in it may have been written by an attacker (descriptions, tags):
 * a DTD is refused, and so is anything deeper, longer or larger than such
 * answers are.  Text comes out as it was written; who shows it escapes it. */
#ifndef EBSIMG_BASE_XML_H
#define EBSIMG_BASE_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* `path' is "Root/child/child".  Each returns 0, or -1 to stop. */
struct xml_handler {
    int (*begin)(void *ctx, const char *path, struct err *e); /* or NULL */
    /* `text' is NULL when the element had elements in it. */
    int (*end)(void *ctx, const char *path, const char *text, struct err *e);
};

/* ERR_SERVICE when the document is refused. */
int xml_read(const char *xml, size_t n, const struct xml_handler *h,
             void *ctx, struct err *e);

/* A number of which 0 says something else than nothing. */
struct xml_count {
    bool told;
    uint64_t value;
};

/* An answer of which "false" says something else than nothing. */
struct xml_flag {
    bool told;
    bool value;
};

enum xml_type {
    XML_TEXT,   /* char *, to be freed by the owner of the object */
    XML_NUMBER, /* uint64_t */
    XML_COUNT,  /* struct xml_count */
    XML_FLAG,   /* struct xml_flag */
};

struct xml_field {
    const char *path;
    enum xml_type type;
    size_t offset;     /* in the object */
    bool required;
};

/* At most 32 rows; `seen' begins as 0 for a new object. */
struct xml_fields {
    const struct xml_field *rows;
    size_t n;
};

/* Stores the text if a row has this path; a path that no row has is fine.
 * -1: a value that is not of its type, or an element that came twice. */
int xml_store(const struct xml_fields *f, uint32_t *seen, void *object,
              const char *path, const char *text, struct err *e);

/* -1 when an element that is required was not seen. */
int xml_complete(const struct xml_fields *f, uint32_t seen, struct err *e);

/* Frees and clears the texts of an object. */
void xml_free(const struct xml_fields *f, void *object);

#endif
