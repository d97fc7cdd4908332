/* SPDX-License-Identifier: Apache-2.0 */
/* Digests of files that are whole while others are still being written: the
 * segments of an image, so that a volume of several TiB is not read once more
 * when all of it is there.
 *
 * Only ever a gain of time.  What could not be hashed ahead, or has changed
 * since by size or time of change, is not given: the caller hashes it. */
#ifndef EBSIMG_AUDIT_HASH_AHEAD_H
#define EBSIMG_AUDIT_HASH_AHEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/err.h"

struct hash_ahead;
struct hash_watch;

/* From the first file on with a thread of its own, which hashes one at a time,
 * or two where that is faster: see digest_pairs(). */
struct hash_ahead *hash_ahead_new(unsigned kinds, struct err *e);

/* This file is whole, and is looked at now: one that is not there is left out,
 * one that changes later is not given.  Any thread; the path is copied; never
 * fails. */
void hash_ahead_add(struct hash_ahead *a, const char *path);

/* So many bytes of the volume are not written yet.  Any thread.  Without it a
 * file for which there is no second one waits for it up to the end. */
void hash_ahead_left(struct hash_ahead *a, uint64_t bytes);

/* Of the files that it reads; the caller may count those with them that it
 * hashes itself. */
struct hash_watch *hash_ahead_watch(struct hash_ahead *a);

/* Ends the thread, after the files that it is at; what waits stays undone. */
void hash_ahead_end(struct hash_ahead *a);

/* After the end: the digests of that file, if they are known and hold. */
bool hash_ahead_take(const struct hash_ahead *a, const char *path,
                     struct hashes *out);

/* NULL is fine.  Ends at once if it has not ended before. */
void hash_ahead_free(struct hash_ahead *a);

#endif
