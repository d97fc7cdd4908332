/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot while it is being written over the direct API.
 *
 * Its blocks file is a log until it is sealed: one record for each put, in
 * the order of arrival, so that nothing is lost with the process.  Sealing
 * sorts it, lays it over the parent's blocks, and checks what the client
 * said about it. */
#ifndef EMULATOR_UPLOAD_H
#define EMULATOR_UPLOAD_H

#include <stdint.h>

#include "fail.h"
#include "store.h"

/* Makes the files of a new pending snapshot and saves it. */
int upload_begin(struct store *st, struct snapshot *s, struct fail *f);

/* Stores one block.  1 when the snapshot is sealed already; -1 with a
 * sentence.  Any thread. */
int upload_put(struct store *st, struct snapshot *s, uint32_t index,
               const void *block, const uint8_t sha256[DIGEST_SIZE],
               struct fail *f);

/* What the client says when it completes a snapshot. */
struct upload_claim {
    uint64_t count;      /* different blocks written */
    const char *linear;  /* LINEAR checksum in base64, or NULL */
    int64_t completed;   /* when EC2 shall see it completed */
};

/* Seals it.  A claim that does not fit makes it fail at that moment, not
 * now.  The lock of the store must be held. */
int upload_seal(struct store *st, struct snapshot *s,
                const struct upload_claim *claim, struct fail *f);

#endif
