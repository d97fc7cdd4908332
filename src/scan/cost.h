/* SPDX-License-Identifier: Apache-2.0 */
/* What a scan asks the service for, and what that costs. */
#ifndef EBSIMG_SCAN_COST_H
#define EBSIMG_SCAN_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "scan/scan.h"

struct cost {
    bool service;              /* one side at least is a snapshot */
    uint64_t blocks;           /* of snapshots that were needed */
    uint64_t requests;         /* of all kinds, repeated ones too */
    double usd;                /* at most */
};

/* Tells it, before a block is fetched. */
void cost_say_before(const struct scan *s);
/* While the side is open: what was sent. */
void cost_take(struct scan_side *side);
/* After cost_take(). */
struct cost cost_of(const struct scan *s);

#endif
