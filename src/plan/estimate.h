/* SPDX-License-Identifier: Apache-2.0 */
/* What an acquisition will take, from the number of its stored blocks: pure
 * arithmetic over limits, rates and prices, each of which is an input. */
#ifndef EBSIMG_PLAN_ESTIMATE_H
#define EBSIMG_PLAN_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ebs/xmllist.h"

/* EBS: GetSnapshotBlock for one snapshot, a second; nothing lifts it. */
#define PLAN_LIMIT 1000u

/* Money in units of 10^-9 USD. */
struct plan_prices {
    uint64_t lists;        /* for 1000 ListSnapshotBlocks */
    uint64_t blocks;       /* for 1000 GetSnapshotBlock */
    uint64_t transfer;     /* for 10^9 bytes to somewhere outside */
};

/* "0.003": at most nine digits behind the point.  -1: it is no price, or more
 * than a million. */
int plan_price(const char *s, uint64_t *out);

/* How sure the number of blocks is. */
enum plan_count {
    COUNT_LISTED,          /* every one of them was listed */
    COUNT_EC2,             /* EC2 counts them */
    COUNT_MOST,            /* nobody tells: as if all were stored */
};

struct plan_volume {
    uint64_t size;         /* bytes of the volume */
    uint64_t blocks;       /* stored */
};

/* A volume of `size' bytes of which EC2 tells `full' to be stored.  False when
 * nobody tells, or it makes no sense: then there may be as many blocks as
 * there is room for. */
bool plan_take_count(struct plan_volume *v, uint64_t size,
                     const struct xml_count *full);

struct plan_speed {
    uint64_t blocks;       /* a second */
    uint64_t digest;       /* bytes a second of all digests together */
};

struct plan_estimate {
    uint64_t volumes;
    uint64_t size, stored, never_stored; /* bytes; stored: also what is
                                          * transferred */
    uint64_t blocks;       /* GetSnapshotBlock */
    uint64_t lists;        /* ListSnapshotBlocks: all pages, twice */
    uint64_t requests_price, transfer_price; /* 10^-9 USD */
    uint64_t raw_most;     /* bytes on a disk where holes take none */
    uint64_t e01_least, e01_most; /* all of it zeros; nothing deflates */
    uint64_t papers;       /* manifest and log, roughly */
};

void plan_estimate(const struct plan_volume *v, const struct plan_prices *p,
                   struct plan_estimate *out);
void plan_add(struct plan_estimate *sum, const struct plan_estimate *e);

/* Seconds: stored blocks come at that rate, or as fast as the digests allow;
 * what was never stored takes the digests alone. */
uint64_t plan_zeros_seconds(const struct plan_estimate *e,
                            const struct plan_speed *s);
uint64_t plan_seconds(const struct plan_estimate *e,
                      const struct plan_speed *s);

/* Bytes a second that this machine computes MD5, SHA-1 and SHA-256 with, all
 * three in one pass, while nothing else keeps it busy: measured, which takes a
 * fifth of a second. */
uint64_t plan_measure_digest(void);

#endif
