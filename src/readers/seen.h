/* SPDX-License-Identifier: Apache-2.0 */
/* Which records came before, by their ids: CloudTrail delivers each at least
 * once.  Memory is flat: of each id a number of 64 bits is kept, 3.6 million
 * of them at most; then it begins anew, and of ids that are further apart
 * than that a second one is not noticed.
 *
 * That two ids have one number is as good as impossible for those that AWS
 * makes (random UUIDs; a chance of 4 in ten million among 3.6 million).  Who
 * writes records himself can make it happen: whoever asks must lose no more by
 * it than a count. */
#ifndef EBSIMG_READERS_SEEN_H
#define EBSIMG_READERS_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct seen {
    uint64_t *numbers;     /* 0: a free place */
    size_t room, count;
    uint64_t begun_anew;   /* so often */
};

/* 1: it was there; 0: not, and now it is; -1: no memory.  "" is never
 * there. */
int seen_add(struct seen *s, const char *id, struct err *e);
void seen_free(struct seen *s);

#endif
