/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that are known, and taking them out of text that others wrote: who
 * answers a request has seen its keys and tokens, and may repeat them.
 *
 * Whole secrets are found, and so are parts of them: 16 characters from the
 * beginning, or 31 from anywhere.  It does not matter whether they come as
 * they are, percent-encoded, or as JSON or XML escape them (also twice), in
 * small letters or capitals, in this or that alphabet of base64.
 *
 * A set belongs to one thread at a time. */
#ifndef EBSIMG_BASE_SECRETS_H
#define EBSIMG_BASE_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct secrets {
    char *rows;    /* 16 characters each; a NUL ends a secret */
    char *first;   /* of each row, NUL where none is looked for */
    size_t nrows, room;
    unsigned char pairs[512]; /* bits: two characters that a row begins with */
    bool failed;   /* memory ran out: nothing passes secrets_clean() */
};

#define SECRETS_INIT { 0 }

/* Of fewer than 8 characters is none added: it could not be told from any
 * word.  `s' may be percent-encoded; NULL is fine. */
void secrets_add(struct secrets *x, const char *s);
void secrets_addn(struct secrets *x, const char *s, size_t n);

/* Both wipe; the first keeps the memory. */
void secrets_clear(struct secrets *x);
void secrets_free(struct secrets *x);

/* Puts "[removed]" in the place of each secret, or part of one. */
void secrets_clean(const struct secrets *x, struct text *t);

#endif
