/* SPDX-License-Identifier: Apache-2.0 */
/* Lets clients in until a signal comes, and ends with none left. */
#ifndef EBSIMG_SERVE_SERVER_H
#define EBSIMG_SERVE_SERVER_H

#include <stdint.h>

#include "serve/export.h"
#include "serve/listener.h"

/* Connections at one time; others wait at the door. */
#define SERVER_CLIENTS 64

/* `tick' is called several times a second, and -1 of it is the end.  *failed
 * reads got an error.  The end by a signal is a good one: 0. */
int server_run(const struct listener *l, const struct exports *all,
               int (*tick)(void *ctx, struct err *e), void *ctx,
               uint64_t *failed, struct err *e);

#endif
