/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes are looked at, piece by piece: the runs of blocks that are to
 * be scanned, cut into windows of a few blocks, each with a margin on both
 * sides so that nothing is lost at a border.
 *
 * A match belongs to the window in whose own part it begins; that of the
 * first window of a run begins in the margin before the run.  Any thread. */
#ifndef EBSIMG_SCAN_WINDOWS_H
#define EBSIMG_SCAN_WINDOWS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/block.h"
#include "flow/blockset.h"
#include "scan/engine.h"

#define WINDOW_BLOCKS 4u
#define WINDOW_MARGIN ENGINE_MATCH_MAX
#define WINDOW_BYTES (WINDOW_BLOCKS * BLOCK_SIZE + 2 * WINDOW_MARGIN)

struct window_part {
    uint64_t from, to;         /* bytes to read, with the margins */
    uint64_t own, own_end;     /* matches that begin there are its own */
    uint64_t core, core_end;   /* the blocks */
};

struct windows {
    const struct blockset *core;
    uint64_t next;             /* guarded by the lock: */
    uint64_t done;             /* blocks that were given out */
    pthread_mutex_t lock;
};

void windows_init(struct windows *w, const struct blockset *core);
void windows_destroy(struct windows *w);
/* False: there is none any more. */
bool windows_next(struct windows *w, struct window_part *p);
uint64_t windows_done(struct windows *w);

#endif
