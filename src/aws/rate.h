/* SPDX-License-Identifier: Apache-2.0 */
/* How many requests a second: a bucket of tokens whose filling speed falls
 * when the service asks for it and grows back: soon to near where it was, then
 * slowly.  Pure: times are monotonic ns that the caller hands in. */
#ifndef EBSIMG_AWS_RATE_H
#define EBSIMG_AWS_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate {
    double limit;     /* requests a second; the start and the maximum */
    double speed;     /* now */
    double tokens;
    uint64_t filled;  /* when tokens were added last */
    uint64_t slowed;  /* when the speed was lowered last, 0 never */
    double throttled_at; /* the speed before that */
};

void rate_init(struct rate *r, double limit, uint64_t now);

/* 0: take it and go.  Otherwise nothing was taken; ask again in so many ns. */
uint64_t rate_take(struct rate *r, uint64_t now);

/* The service has throttled a request.  Many requests in flight are throttled
 * together, which counts once.  False when it was counted already. */
bool rate_slow_down(struct rate *r, uint64_t now);

#endif
