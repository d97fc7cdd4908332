/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to requests, simple or in chunks as was agreed.  Any thread of a
 * client: a chunk is never mixed with another. */
#ifndef EBSIMG_SERVE_REPLY_H
#define EBSIMG_SERVE_REPLY_H

#include <pthread.h>

#include "serve/request.h"

struct replies {
    struct wire *wire;
    struct terms terms;
    pthread_mutex_t sending; /* one chunk at a time */
};

/* All of these: false, nothing more can be sent to this client. */

/* The end of a request that brings nothing (code 0), or failed.  Of a failed
 * one `why' and `offset' are told where replies come in chunks. */
bool reply_end(struct replies *to, const struct request *r, uint32_t code,
               uint64_t offset, const char *why);

/* All bytes of a read at once. */
bool reply_simple_read(struct replies *to, const struct request *r,
                       const void *data);
/* Some of them; or, without data, zeros that were never stored.  `done':
 * there are no more. */
bool reply_piece(struct replies *to, const struct request *r,
                 uint64_t offset, const void *data, uint32_t n, bool done);

/* Of each run of bytes how long it is and what: `n' pairs of numbers as they
 * stand on the wire. */
bool reply_states(struct replies *to, const struct request *r,
                  const unsigned char *pairs, uint32_t n);

#endif
