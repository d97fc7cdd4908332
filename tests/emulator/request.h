/* SPDX-License-Identifier: Apache-2.0 */
/* One request, from its first line to its answer.  http.c fills the first
 * part; everything behind it knows nothing of the HTTP library. */
#ifndef EMULATOR_REQUEST_H
#define EMULATOR_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "answer.h"
#include "effect.h"
#include "op.h"
#include "params.h"
#include "server.h"
#include "snapshot.h"

#define REQUEST_HEADERS 64
#define REQUEST_BODY_MAX (1u << 20)

struct request_header {
    const char *name;
    const char *value;
};

struct key;

struct request {
    /* as it came */
    const struct server *server;
    const char *method;
    char *path;  /* raw, without the query */
    char *query; /* raw, without the '?'; "" when there is none */
    struct request_header headers[REQUEST_HEADERS];
    size_t header_count;
    struct bytes body;
    bool too_large; /* the body went over REQUEST_BODY_MAX */
    char address[64];
    const char *tls_version; /* NULL: plain */

    /* as it was understood */
    char id[37]; /* x-amzn-RequestId */
    int64_t now; /* by the service's clock */
    struct params params;
    const struct op *op;
    char snapshot[SNAPSHOT_ID_ROOM]; /* from the path, "" when none */
    char block_text[24];             /* likewise */
    int64_t block;                   /* -1: none */
    const struct key *key;           /* NULL until the signature is good */
    char key_id[130];                /* as claimed */
    char region[64];                 /* as claimed, "" when nothing is */
    struct effects fx;

    struct answer answer;
};

/* NULL when it was not sent. */
const char *request_header(const struct request *r, const char *name);

/* Makes r->answer, and the journal's record of it. */
void request_serve(struct request *r);

void request_clear(struct request *r);

#endif
