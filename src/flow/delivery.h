/* SPDX-License-Identifier: Apache-2.0 */
/* Where the blocks go that a fetch brings: into a window, which puts them in
 * order (window_delivery()), or into a cache that is read at any offset.
 *
 * The fetch's thread calls these, but for lost() without a slot. */
#ifndef EBSIMG_FLOW_DELIVERY_H
#define EBSIMG_FLOW_DELIVERY_H

#include "base/err.h"
#include "flow/slot.h"

struct delivery {
    /* Where the block of this slot goes: BLOCK_SIZE bytes, the same ones until
     * it has arrived or is lost. */
    unsigned char *(*place)(struct delivery *d, struct slot *s);
    /* It is there.  Whether it is good, nobody has looked yet. */
    void (*arrived)(struct delivery *d, struct slot *s);
    /* It cannot be had.  Without a slot, from any thread: nothing can be had
     * any more; the first reason stays. */
    void (*lost)(struct delivery *d, struct slot *s, const struct err *why);
};

#endif
