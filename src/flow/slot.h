/* SPDX-License-Identifier: Apache-2.0 */
/* One block on its way from the source to the image. */
#ifndef EBSIMG_FLOW_SLOT_H
#define EBSIMG_FLOW_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/digest.h"
#include "audit/manifest.h"
#include "base/block.h"

/* Made once by the window, then used again and again.  Who may touch it:
 * the source from window_reserve() to window_arrived(); one worker from
 * there to its commit; the gate; then all readers, which only read.  A slot
 * that the gate refuses goes back to the source. */
struct slot {
    uint64_t seq;         /* position in the run: 0, 1, 2 ... */
    uint64_t gap;         /* bytes of never-stored zeros just before it */
    uint64_t offset;      /* of raw[0] in the volume, bytes */
    uint32_t len;         /* BLOCK_SIZE; 0 in the last slot of the run, which
                           * only carries the gap up to the volume's end */
    unsigned char *raw;   /* BLOCK_SIZE bytes, aligned to a page; its own
                           * from window_buffer() until the slot is free,
                           * NULL before */

    /* Filled in by the source: */
    bool hole;              /* these `len' bytes were never stored either: a
                             * long gap comes in pieces, so that the digests
                             * and a checkpoint need not wait for its end */
    bool unreadable;        /* raw holds zeros because nothing was to be had */
    bool provider;          /* `expected' is what the provider says */
    unsigned char expected[32];
    unsigned attempts;
    uint64_t time;          /* wall ns when it arrived */
    char request_id[64];
    bool cached;            /* fetched by an earlier access to this snapshot;
                             * the four above are from then */
    unsigned age;           /* 0: fetched in this run; else how many images
                             * back the one is that it was fetched for; the
                             * four above are from then */

    /* Filled in by the worker: */
    bool zero;              /* every byte is 0 */
    void **packed;          /* for each sink its pack_room bytes; there from
                             * window_take() on */

    /* Filled in by the gate and the digest readers: */
    unsigned char sha256[32];
    struct digest_state digest; /* of the stream up to the end of this block,
                                 * where that is a multiple of 64 bytes */

    /* Private to the source and to the window: */
    unsigned number;        /* 0 ..: no other slot that is in use has it;
                             * those used last come first */
    int state;
    unsigned readers_left;
};

static inline uint32_t slot_index(const struct slot *s)
{
    return (uint32_t)(s->offset / BLOCK_SIZE);
}

static inline enum block_class slot_class(const struct slot *s)
{
    if (s->unreadable)
        return BLOCK_UNREADABLE;
    return s->zero ? BLOCK_ZERO : BLOCK_STORED;
}

#endif
