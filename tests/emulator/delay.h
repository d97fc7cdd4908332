/* SPDX-License-Identifier: Apache-2.0 */
/* Lets a connection wait without holding a thread: it is suspended, and one
 * timer thread wakes it when its time has come. */
#ifndef EMULATOR_DELAY_H
#define EMULATOR_DELAY_H

#include <stdint.h>

struct delay;
struct MHD_Connection;

struct delay *delay_new(void);

/* Suspends the connection for that long.  Only from a callback of the HTTP
 * library for this connection. */
void delay_suspend(struct delay *d, struct MHD_Connection *c, int64_t ms);

/* Wakes everybody; after that, delays take no time.  Must come before the
 * HTTP library stops. */
void delay_stop(struct delay *d);

void delay_free(struct delay *d);

#endif
