/* SPDX-License-Identifier: Apache-2.0 */
/* Where blocks come from: the EBS service, an image file, a pattern.
 *
 * A source embeds this struct first.  It fills slots from a thread of its
 * own: window_reserve() one, fill its window_buffer(), window_arrived();
 * after the last block one slot of length 0 that carries the gap up to the
 * end of the volume. */
#ifndef EBSIMG_FLOW_SOURCE_H
#define EBSIMG_FLOW_SOURCE_H

#include <stdbool.h>

#include "base/err.h"
#include "flow/slot.h"

struct window;

struct source {
    const char *name;
    /* Starts the source's thread, which fills slots of `w' until the volume
     * ends or the window stops. */
    int (*start)(struct source *src, struct window *w, struct err *e);
    /* The gate's thread: the SHA-256 of a block is in s->sha256.  True when
     * it is good.  False when the source has taken the slot back and will
     * deliver it once more.  NULL: every block is good. */
    bool (*accept)(struct source *src, struct slot *s);
    /* Worker threads: make raw out of what the source put into its own
     * memory (inflate).  NULL when raw is filled already. */
    int (*unpack)(struct source *src, struct slot *s, struct err *e);
    /* Any thread, no lock held: a slot has become free, or the window has
     * stopped.  Must be quick. */
    void (*wake)(struct source *src);
    /* Ends the thread, whatever it is doing, and waits for it. */
    void (*stop)(struct source *src);
};

#endif
