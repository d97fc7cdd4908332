/* SPDX-License-Identifier: Apache-2.0 */
/* One connection: a thread that negotiates, and as many as have something to
 * do for the requests that come after that. */
#ifndef EBSIMG_SERVE_CLIENT_H
#define EBSIMG_SERVE_CLIENT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "serve/export.h"
#include "serve/tls.h"

/* Requests of one connection that are answered at once; the others wait in
 * the socket.  Each takes the memory of one block. */
#define CLIENT_THREADS 16

struct client;

/* `fd' is the client's from here on, also when this fails.  `tls' must begin
 * first, or is NULL.  `failed' counts the reads that got an error. */
struct client *client_start(int fd, struct tls *tls,
                            const struct exports *all,
                            _Atomic uint64_t *failed, struct err *e);

bool client_is_gone(const struct client *c);
/* Whatever it waits for at its socket ends. */
void client_shut(struct client *c);
/* Waits for its threads. */
void client_free(struct client *c);

#endif
