/* SPDX-License-Identifier: Apache-2.0 */
/* The three digests of evidence, over a stream or a file. */
#ifndef EBSIMG_AUDIT_HASH_H
#define EBSIMG_AUDIT_HASH_H

#include <stddef.h>

#include "base/err.h"

enum hash_kind { HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_KINDS };

#define HASH_MAX 32
#define HASH_BIT(kind) (1u << (kind))
#define HASH_ALL ((1u << HASH_KINDS) - 1)

extern const char *const hash_names[HASH_KINDS];  /* "md5" "sha1" "sha256" */
extern const char *const hash_titles[HASH_KINDS]; /* "MD5" "SHA-1" ... */
extern const size_t hash_sizes[HASH_KINDS];       /* bytes */

/* The digests of one run of bytes; `have' has a HASH_BIT for each. */
struct hashes {
    unsigned have;
    unsigned char value[HASH_KINDS][HASH_MAX];
};

/* Hex of one of them, in a buffer of 2 * HASH_MAX + 1. */
char *hashes_hex(const struct hashes *h, enum hash_kind k, char *buf);

/* One running digest.  OpenSSL inside; a failure there is a bug or no
 * memory and is ERR_INTERNAL. */
struct hash;
struct hash *hash_new(enum hash_kind k, struct err *e);
void hash_add(struct hash *h, const void *data, size_t n);
void hash_end(struct hash *h, unsigned char out[HASH_MAX]); /* once */
/* The digest of what was added so far; more may be added afterwards. */
void hash_peek(const struct hash *h, unsigned char out[HASH_MAX]);
void hash_free(struct hash *h);

/* Makes OpenSSL ready, before any other function here: ERR_INTERNAL when it
 * cannot start.  (OpenSSL crashes later on when memory ran out while it
 * started.) */
int hash_ready(struct err *e);

/* SHA-256 of one buffer.  Any thread; keeps nothing (OpenSSL takes a few
 * hundred bytes for the call and gives them back). */
void hash_sha256(const void *data, size_t n, unsigned char out[32]);

/* The strongest of them, as a HASH_BIT, or 0. */
unsigned hash_strongest(unsigned kinds);

#endif
