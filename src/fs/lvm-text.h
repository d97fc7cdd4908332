/* SPDX-License-Identifier: Apache-2.0 */
/* The text in which LVM2 describes a volume group:
 *
 *   NAME {                    a section, with more of all this in it
 *     NAME = 17               a number
 *     NAME = "text"           \" and \\ are escapes
 *     NAME = ["text", 17]     a list
 *   }                         # a comment
 *
 * A tree of at most LVM_NODES nodes, sections at most LVM_DEPTH inside each
 * other. */
#ifndef EBSIMG_FS_LVM_TEXT_H
#define EBSIMG_FS_LVM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define LVM_NODES (1u << 20)
#define LVM_DEPTH 8u

enum lvm_kind { LVM_SECTION, LVM_NUMBER, LVM_STRING, LVM_LIST };

struct lvm_node {
    const char *name;          /* NULL: of a list */
    enum lvm_kind kind;
    const char *string;
    uint64_t number;
    uint32_t child, next;      /* of a section or a list, and of what this is
                                * in; 0: none */
};

struct lvm_text {
    char *bytes;               /* all names and strings are in it */
    struct lvm_node *nodes;    /* [0]: the whole, a section */
    uint32_t count, room;
};

/* Takes the text, `n' bytes and a NUL, in every case; lvm_text_free() in every
 * case.  ERR_SOURCE: it is none. */
int lvm_text_parse(struct lvm_text *t, char *bytes, size_t n, struct err *e);
void lvm_text_free(struct lvm_text *t);

/* Of a section, the first child of this name and kind; NULL. */
const struct lvm_node *lvm_text_find(const struct lvm_text *t,
                                     const struct lvm_node *in,
                                     const char *name, enum lvm_kind kind);
/* The first child, or the one after `node' in its place; NULL. */
const struct lvm_node *lvm_text_child(const struct lvm_text *t,
                                      const struct lvm_node *in);
const struct lvm_node *lvm_text_next(const struct lvm_text *t,
                                     const struct lvm_node *node);
/* Its number is in *out; false: there is none of this name. */
bool lvm_text_number(const struct lvm_text *t, const struct lvm_node *in,
                     const char *name, uint64_t *out);
/* Has a list of this name the string? */
bool lvm_text_lists(const struct lvm_text *t, const struct lvm_node *in,
                    const char *name, const char *string);

#endif
