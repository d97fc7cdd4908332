/* SPDX-License-Identifier: Apache-2.0 */
/* How long to wait before the next attempt: a random part of a time that
 * doubles, so that calls which failed together do not come back together.
 * Pure; the same seed gives the same waits. */
#ifndef EBSIMG_AWS_BACKOFF_H
#define EBSIMG_AWS_BACKOFF_H

#include <stdint.h>

#include "net/http.h"

struct backoff {
    uint64_t state;
};

void backoff_init(struct backoff *b, uint64_t seed);

/* Milliseconds before retry number `nth' (1 is the first): a random part of
 * base_ms * 2^(nth-1), which never becomes more than cap_ms. */
uint64_t backoff_ms(struct backoff *b, uint64_t base_ms, uint64_t cap_ms,
                    unsigned nth);

/* What a Retry-After header asks for (proxies send it), in ms; at most a
 * minute, 0 when there is none. */
uint64_t backoff_asked_ms(const struct http_answer *a);

#endif
