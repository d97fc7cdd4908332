/* SPDX-License-Identifier: Apache-2.0 */
/* What a client and we agree on before it reads: which export, in which form
 * the answers come, and whether it may ask which ranges are holes.
 *
 * Everything a client says is hostile: lengths are checked before anything is
 * read by them, an option is at most NEGOTIATION_OPTION bytes long, and
 * whoever is silent for NEGOTIATION_SECONDS is let go.  Where TLS is wanted
 * (w->tls) nothing else is answered before it has begun, not even the names
 * of what is served. */
#ifndef EBSIMG_SERVE_NEGOTIATION_H
#define EBSIMG_SERVE_NEGOTIATION_H

#include <stdbool.h>

#include "serve/export.h"
#include "serve/wire.h"

#define NEGOTIATION_OPTION 65536u
#define NEGOTIATION_OPTIONS 1000 /* of one client */
#define NEGOTIATION_SECONDS 30

/* The number under which answers name base:allocation. */
#define NEGOTIATION_CONTEXT 1u

struct terms {
    struct export *export;
    bool structured;         /* replies may come in chunks */
    bool block_status;       /* base:allocation was agreed on */
};

/* False: the client left, wanted something that is not there in the old way,
 * or what came was no NBD. */
bool negotiate(struct wire *w, const struct exports *all, struct terms *out);

#endif
