/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of a snapshot that were fetched before, in a folder of ours:
 *
 *   SNAPSHOT.kept                    the blocks, each at its place; the rest
 *                                    are holes
 *   SNAPSHOT-TIME.access.jsonl ...   the logs of what was fetched
 *
 * The file is believed in nothing.  A block counts when a log says what its
 * SHA-256 is that the provider sent with it, and it has that each time that
 * it is read; else it is fetched again.  A log counts when its chain is whole
 * (a part of a line at its end is what a run leaves that was killed), and it
 * is of this snapshot, at this size, from this region and endpoint. */
#ifndef EBSIMG_VOLUME_KEPT_H
#define EBSIMG_VOLUME_KEPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/slot.h"
#include "volume/kept-folder.h"

struct kept;

/* Texts stay the caller's, until kept_free().  The logs that are there are
 * read; that of the caller may be one of them. */
struct kept *kept_open(const struct kept_config *c, struct err *e);
void kept_free(struct kept *k); /* NULL is fine */

/* All from any thread. */

/* Reads this block when it is there, and sets `expected' by the log: the
 * caller compares. */
bool kept_read(struct kept *k, struct slot *s);
/* It was not what the log says. */
void kept_refuse(struct kept *k, const struct slot *s);
/* It was fetched, is good, and is logged. */
void kept_add(struct kept *k, const struct slot *s);
/* One that was read was good. */
void kept_count(struct kept *k);

struct kept_sum {
    uint64_t known;     /* blocks that logs told of in the beginning */
    uint64_t used, refused, dropped;
};

struct kept_sum kept_sum(struct kept *k);

/* Those that are there, into a set of the volume's blocks. */
void kept_list(struct kept *k, struct blockset *to);
/* The digest that a log has for one of them. */
bool kept_digest(struct kept *k, uint32_t index, unsigned char sha256[32]);

#endif
