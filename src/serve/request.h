/* SPDX-License-Identifier: Apache-2.0 */
/* One request of a client that has negotiated, and whether it can be asked
 * for at all. */
#ifndef EBSIMG_SERVE_REQUEST_H
#define EBSIMG_SERVE_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "serve/negotiation.h"

struct request {
    unsigned flags, type;
    uint64_t cookie;         /* the client's name for it */
    uint64_t offset;
    uint32_t len;
};

/* Waits for the next one, and takes what a write carries out of the way.
 * False: the client has ended, or what came is no request. */
bool request_read(struct wire *w, struct request *r);

/* 0, or the error that it is answered with. */
uint32_t request_check(const struct request *r, const struct terms *t);

#endif
