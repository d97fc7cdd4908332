/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP side: everything that knows libmicrohttpd. */
#ifndef EMULATOR_HTTP_H
#define EMULATOR_HTTP_H

#include <stdint.h>

#include "fail.h"

struct http;
struct server;

struct http_config {
    const char *listen; /* ADDR:PORT */
    const char *cert;   /* file, or NULL for plain HTTP */
    const char *key;
    uint64_t threads;
};

/* Listens and serves in threads of its own until http_stop().  NULL with a
 * sentence. */
struct http *http_start(const struct http_config *c,
                        const struct server *server, struct fail *f);
void http_stop(struct http *h);

/* Where it listens, as a client needs it. */
const char *http_url(const struct http *h);

#endif
