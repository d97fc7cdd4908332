/* SPDX-License-Identifier: Apache-2.0 */
/* What a request gets. */
#ifndef EBSIMG_SERVE_ANSWER_H
#define EBSIMG_SERVE_ANSWER_H

#include <stdatomic.h>

#include "serve/reply.h"

struct answerer {
    struct replies replies;
    pthread_mutex_t large;   /* one read at a time that is kept whole */
    _Atomic uint64_t *failed; /* reads of all clients that got an error */
};

/* Any thread of the client.  `buf' has BLOCK_SIZE bytes.  False: nothing more
 * can be sent. */
bool answer(struct answerer *a, const struct request *r, unsigned char *buf);

#endif
