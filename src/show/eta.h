/* SPDX-License-Identifier: Apache-2.0 */
/* How long a run still takes, if it goes on as it did so far.
 *
 * A stored block takes the time of fetching it, a hole that of hashing its
 * zeros: a volume that is mostly empty is done long before its size says.  So
 * the two are told apart where it is known how many blocks are stored. */
#ifndef EBSIMG_SHOW_ETA_H
#define EBSIMG_SHOW_ETA_H

#include <stdbool.h>
#include <stdint.h>

struct eta {
    uint64_t spent;        /* ns so far */
    uint64_t digests;      /* ns of it that the digests took; 0: none are
                            * computed */
    uint64_t done, total;  /* bytes of the volume, holes too */
    uint64_t blocks;       /* stored blocks among those done */
    bool counted;          /* it is known: */
    uint64_t blocks_left;  /* stored ones */
};

/* Seconds; false when nothing is done from which that could be told. */
bool eta_seconds(const struct eta *t, uint64_t *seconds);

#endif
