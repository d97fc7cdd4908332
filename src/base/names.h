/* SPDX-License-Identifier: Apache-2.0 */
/* Names and the number that belongs to each.  To find one takes no more
 * comparisons than the logarithm of how many there are, whoever has chosen
 * them: a balanced tree, since a table by hashes can be made slow. */
#ifndef EBSIMG_BASE_NAMES_H
#define EBSIMG_BASE_NAMES_H

#include <stddef.h>

#include "base/err.h"

struct names {
    void *root; /* private */
};

#define NAMES_NONE ((size_t)-1)

/* The number of a name, or NAMES_NONE. */
size_t names_find(const struct names *n, const char *name);

/* `name' must stay as long as the set does.  A name that is there already
 * keeps its number. */
int names_add(struct names *n, const char *name, size_t number,
              struct err *e);

void names_free(struct names *n);

#endif
