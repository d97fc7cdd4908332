/* SPDX-License-Identifier: Apache-2.0 */
/* What does the work inside a digest: private to digest.c and its engines,
 * and to unit tests, which try each of them. */
#ifndef EBSIMG_AUDIT_DIGEST_PRIVATE_H
#define EBSIMG_AUDIT_DIGEST_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/digest.h"

/* MD5, SHA-1 and SHA-256 all eat pieces of this many bytes. */
#define DIGEST_PIECE 64u

struct digest_engine {
    const char *name;
    /* All digests in one pass cost hardly more than the slowest alone. */
    bool fused;
    bool (*usable)(void);
    /* `pieces' of 64 bytes into those states of `st' that `kinds' names and,
     * when it is not NULL, into the SHA-256 state `block' as well. */
    void (*run)(struct digest_state *st, unsigned kinds, uint32_t *block,
                const unsigned char *p, size_t pieces);
    /* `pieces' of 64 bytes from each of `p' into the SHA-256 state beside
     * it. */
    void (*run_two)(uint32_t h[2][8], const unsigned char *const p[2],
                    size_t pieces);
};

extern const struct digest_engine digest_shani;   /* x86-64 with SHA-NI */
extern const struct digest_engine digest_openssl; /* everywhere */

/* The SHA-256 state before the first byte. */
extern const uint32_t digest_sha256_start[8];

/* Every digest that begins from here on uses this engine; NULL: the choice
 * is automatic again.  For tests: call it while no other thread hashes. */
void digest_force(const struct digest_engine *g);

/* Does it give OpenSSL's (EVP's) values? */
bool digest_engine_good(const struct digest_engine *g);

#endif
