/* SPDX-License-Identifier: Apache-2.0 */
/* How the body of an answer goes onto the wire: straight from memory when
 * nothing is wrong with it, else through a reader that knows where to
 * change, stop, wait or reset. */
#ifndef EMULATOR_WIRE_H
#define EMULATOR_WIRE_H

#include <stdbool.h>

struct MHD_Connection;
struct MHD_Response;
struct request;

/* The response for r->answer, without headers.  NULL: out of memory. */
struct MHD_Response *wire_response(struct request *r,
                                   struct MHD_Connection *c);

/* Sends a TCP reset at once. */
void wire_reset(struct MHD_Connection *c);

#endif
