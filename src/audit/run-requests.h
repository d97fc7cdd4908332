/* SPDX-License-Identifier: Apache-2.0 */
/* The requests of a run that its log tells of, each with the id that the
 * provider gave it: those that the manifest has no row for.  Beside them what
 * the log says of requests whose answers never came, which have no id. */
#ifndef EBSIMG_AUDIT_RUN_REQUESTS_H
#define EBSIMG_AUDIT_RUN_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define RUN_NO_BLOCK UINT64_MAX

struct run_request {
    char id[64];
    uint64_t line;      /* of the log */
    uint64_t block;     /* that was asked for, or RUN_NO_BLOCK */
    bool answered;      /* well, or with something that was rejected; else it
                         * was refused, or had an error */
    bool data;          /* it was for blocks or a list of them: of EBS */
    bool witnessed;     /* for whoever looks, ... */
    bool contradicted;  /* ... likewise */
};

struct run_requests {
    struct run_request *list;   /* sorted by id; each once */
    size_t count;
    /* A request whose answer did not come: its block, or RUN_NO_BLOCK. */
    uint64_t *silent;
    size_t nsilent;
    uint64_t throttled;     /* requests that were slowed down, of which the log
                             * says only how many there were */
    uint64_t compared;      /* blocks that were fetched only to be compared */
    bool lists;             /* the log has the ids of list calls */
    uint64_t gone_on;       /* the first block that a later session began
                             * with, or RUN_NO_BLOCK */
    uint64_t resumed;       /* wall ns when the last session began, or 0 */
    uint64_t first, last;   /* wall ns of the first line and the last */
    char **keys;            /* access key ids that signed */
    size_t nkeys;
};

/* Reads the log; initializes *out, which is freed in every case.  As
 * run_record_read() otherwise. */
int run_requests_read(const char *path, struct run_requests *out,
                      struct err *e);
void run_requests_free(struct run_requests *q);

/* NULL: the log tells of none with that id. */
struct run_request *run_requests_find(struct run_requests *q,
                                      const char *id);

#endif
