/* SPDX-License-Identifier: Apache-2.0 */
/* The checkpoints of a run that has not finished: from which block on it can
 * be continued, and what must be on the disk for that.
 *
 * The file has the form of the acquisition log, a hash-chained JSON object a
 * line (audit/log.h, doc/resume.md): a line "begin" that says what
 * is made, then a line "checkpoint" each time when everything it speaks of
 * was on the disk, and in the end "publish", when the files are whole and
 * only their names are left to give.  The last line is protected by a digest
 * of its own, which each line carries as its last member. */
#ifndef EBSIMG_AUDIT_CHECKPOINT_H
#define EBSIMG_AUDIT_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "audit/digest.h"
#include "audit/log.h"

/* Everything of the volume before `offset' is in the outputs. */
struct checkpoint {
    uint64_t offset;             /* bytes; the end of a block */
    struct digest_state digest;  /* of the volume up to there */
    uint64_t rows;               /* of the manifest */
    unsigned char manifest[32];  /* SHA-256 of the manifest up to there */
    unsigned char chunks[32];    /* ... of the list of E01 chunk lengths */
    struct log_place log;        /* where the acquisition log stood */
};

/* ---- writing, to a log from log_create() or log_reopen().  Each of them is
 * on the disk when it returns 0. */

/* Adds the digest that protects the line; the last member. */
void checkpoint_seal(struct record *r);

int checkpoint_write(struct log *l, const struct checkpoint *c,
                     struct err *e);
int checkpoint_publish(struct log *l, const char *verdict, struct err *e);

/* ---- reading */

struct checkpoints {
    struct checkpoint *at;       /* offsets ascend: one that goes back */
    size_t n;                    /* makes void those that went further */
    bool published;              /* "publish" is the last line */
    char verdict[32];            /* of that */
    struct log_place end;        /* behind the last good line */
};

/* Reads what is good; a line that is not, and all behind it, was being
 * written when the run died.  `begin' takes the first line and gives back the
 * record that would make it, not sealed, which is compared with the line.
 * ERR_VERIFY when there is no good first line. */
int checkpoints_read(const char *path,
                     int (*begin)(void *ctx, const cJSON *event,
                                  struct record *again, struct err *e),
                     void *ctx, struct checkpoints *out, struct err *e);
void checkpoints_free(struct checkpoints *c);

#endif
