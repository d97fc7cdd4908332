/* SPDX-License-Identifier: Apache-2.0 */
/* Which of several names was meant by a word that is none of them: the one
 * that takes the fewest letters put in, left out, replaced or swapped, when
 * those are few for its length.  Pure. */
#ifndef EBSIMG_BASE_NEAREST_H
#define EBSIMG_BASE_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *word;
    size_t len;
    const char *name;      /* the nearest one so far, or NULL */
    size_t distance;       /* its */
};

/* The first `len' bytes of `word', which must stay. */
void nearest_begin(struct nearest *n, const char *word, size_t len);
/* `name' must stay, too.  Of two that are as near the first one counts. */
void nearest_try(struct nearest *n, const char *name);

#endif
