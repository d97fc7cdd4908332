/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks of a run and the ids of the requests that brought them, from its
 * manifest: 21 bytes for each, so that those of 1 TiB take 44 MiB. */
#ifndef EBSIMG_RECONCILE_FETCHED_H
#define EBSIMG_RECONCILE_FETCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/evidence.h"
#include "base/err.h"

struct fetched {
    size_t count;
    uint32_t *blocks;             /* ascending */
    unsigned char (*ids)[16];     /* of what has ROW_HAS_ID */
    unsigned char *flags;
};

enum {
    ROW_HAS_ID = 1,
    ROW_CARRIED = 2,     /* the request was another, earlier run's */
    ROW_READ = 4,        /* it brought the block; else that is unreadable */
    ROW_WITNESSED = 8,
    ROW_CONTRADICTED = 16,
};

/* Reads the manifest, whose log has been read, and checks it against that:
 * ERR_VERIFY.  Initializes *out; free it in every case. */
int fetched_read(const struct evidence *ev, struct fetched *out, struct err *e);
void fetched_free(struct fetched *r);

/* Where the row of this block is, or r->count. */
size_t fetched_find(const struct fetched *r, uint64_t block);

/* That row has this id, as text. */
bool fetched_is(const struct fetched *r, size_t i, const char *id);

/* "0a1b..." of that row, which has one. */
#define ROW_ID_ROOM 37
char *fetched_id(const struct fetched *r, size_t i, char buf[ROW_ID_ROOM]);

#endif
