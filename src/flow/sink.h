/* SPDX-License-Identifier: Apache-2.0 */
/* Where an image goes: E01, raw, the manifest, nothing.
 *
 * A sink embeds this struct first.  Order of calls: pack() for any slots in
 * any order from many threads; append() and hole() from the writer thread
 * alone, together covering the volume from 0 to its end without overlap;
 * then finish() from the thread that ran the pipeline, or abandon() when the
 * run or finish() itself failed; then free(). */
#ifndef EBSIMG_FLOW_SINK_H
#define EBSIMG_FLOW_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "audit/checkpoint.h"
#include "audit/hash.h"
#include "base/err.h"
#include "flow/slot.h"

/* Who wants to know of each file that is whole while the next one is still
 * written.  Called by the writer's thread; must be quick. */
struct file_watch {
    void (*whole)(void *ctx, const char *path);
    void *ctx;
};

struct sink {
    const char *name;     /* "E01", for messages and statistics */
    size_t pack_room;     /* bytes that pack() needs for a block, or 0 */

    /* CPU work for one block (never for one that is all zeros or
     * unreadable), into `packed'.  Must not change the sink.  NULL when
     * pack_room is 0. */
    int (*pack)(const struct sink *k, const struct slot *s, void *packed,
                struct err *e);
    /* The block at s->offset.  For zero and unreadable blocks `packed' says
     * nothing. */
    int (*append)(struct sink *k, const struct slot *s, const void *packed,
                  struct err *e);
    /* `len' bytes of zeros that the provider never stored; a multiple of
     * BLOCK_SIZE, at most 1 GiB a call. */
    int (*hole)(struct sink *k, uint64_t offset, uint64_t len,
                struct err *e);
    /* Between two slots, on the writer's thread or on the caller's when the
     * run is over: all that was taken so far to the disk, so that it stays
     * after a power cut, and what this sink needs to go on from there into
     * its fields of `c'.  c->offset is where the volume stands; -1 when the
     * sink stands elsewhere, because a run failed between two of them.  NULL
     * when the sink needs none. */
    int (*checkpoint)(struct sink *k, struct checkpoint *c, struct err *e);
    /* A block before the checkpoint that the sink goes on from was unreadable;
     * NULL when it lists none. */
    int (*tell_unreadable)(struct sink *k, uint64_t offset, struct err *e);
    /* Unreadable blocks that it cannot list; NULL when it lists none. */
    uint64_t (*unlisted)(const struct sink *k);
    /* All that is left to write (digests, tables), then to the disk.  After
     * a 0 the files are whole and durable. */
    int (*finish)(struct sink *k, const struct hashes *stream,
                  struct err *e);
    /* Closes what is open and leaves the files as they are. */
    void (*abandon)(struct sink *k);
    void (*free)(struct sink *k);
};

#endif
