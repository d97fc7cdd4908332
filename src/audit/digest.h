/* SPDX-License-Identifier: Apache-2.0 */
/* All digests of one ordered stream of bytes, in one pass.
 *
 * MD5 is a chain of small steps that keeps a processor waiting; SHA-1 and
 * SHA-256 fit into these pauses.  Where the processor has instructions for
 * SHA, all of them together cost what MD5 costs alone, and with them the
 * SHA-256 of the piece that is added, which has a start state of its own.
 * Elsewhere OpenSSL does the work, one digest after the other.
 *
 * A digest is plain data without anything to free: a copy is a digest that
 * can go on by itself.  One thread at a time.  Nothing here fails. */
#ifndef EBSIMG_AUDIT_DIGEST_H
#define EBSIMG_AUDIT_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/hash.h"

/* What has to be kept to go on later, or in another process: the words as
 * the standards name them (A, B, C ...), as numbers of this machine. */
struct digest_state {
    unsigned kinds;          /* HASH_BIT()s; the other words mean nothing */
    uint64_t bytes;          /* hashed so far */
    uint32_t md5[4], sha1[5], sha256[8];
};

struct digest_engine;

struct digest {
    const struct digest_engine *engine;
    struct digest_state state;
    unsigned char tail[64];  /* the last bytes % 64, not in `state' yet */
};

/* `kinds' may be 0: then only digest_add_block() makes sense. */
void digest_begin(struct digest *d, unsigned kinds);

void digest_add(struct digest *d, const void *data, size_t n);
void digest_add_zeros(struct digest *d, uint64_t n);

/* digest_add() to two of them, `n' bytes each. */
void digest_add_two(struct digest *const d[2],
                    const unsigned char *const data[2], size_t n);

/* Does that take less time for such digests than one after the other?  It does
 * for SHA-256 alone where the processor has instructions for SHA. */
bool digest_pairs(unsigned kinds);

/* Adds it to the stream and gives the SHA-256 of these bytes alone.  Fast
 * while all that was added is a multiple of 64 bytes. */
void digest_add_block(struct digest *d, const void *data, size_t n,
                      unsigned char sha256[32]);

/* The SHA-256 of two blocks of `n' bytes, each alone.  Where the processor has
 * instructions for SHA, two thirds of the time of one after the other. */
void digest_two_blocks(const unsigned char *const data[2], size_t n,
                       unsigned char *const sha256[2]);

/* Of all that was added; `d' stays as it is. */
void digest_end(const struct digest *d, struct hashes *out);

/* Only when a multiple of 64 bytes has been added. */
void digest_save(const struct digest *d, struct digest_state *out);
void digest_restore(struct digest *d, const struct digest_state *s);

/* What computes here, for the log: "SHA-NI", "OpenSSL", or OpenSSL and why
 * not SHA-NI.  Any thread. */
const char *digest_engine_name(void);

/* Does one pass over the data cost hardly more than its slowest digest?  If
 * not, a thread for each digest is faster. */
bool digest_is_fused(void);

#endif
