/* SPDX-License-Identifier: Apache-2.0 */
/* The portable engine.  OpenSSL's old functions, because what EVP has inside
 * cannot be taken out and put back; they are the same code underneath. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include <string.h>

#include <openssl/md5.h>
#include <openssl/sha.h>

#include "audit/digest-private.h"

static void run_md5(uint32_t h[4], const void *p, size_t n)
{
    MD5_CTX c = { .A = h[0], .B = h[1], .C = h[2], .D = h[3] };

    MD5_Update(&c, p, n);
    h[0] = c.A;
    h[1] = c.B;
    h[2] = c.C;
    h[3] = c.D;
}

static void run_sha1(uint32_t h[5], const void *p, size_t n)
{
    SHA_CTX c = { .h0 = h[0], .h1 = h[1], .h2 = h[2], .h3 = h[3],
                  .h4 = h[4] };

    SHA1_Update(&c, p, n);
    h[0] = c.h0;
    h[1] = c.h1;
    h[2] = c.h2;
    h[3] = c.h3;
    h[4] = c.h4;
}

static void run_sha256(uint32_t h[8], const void *p, size_t n)
{
    SHA256_CTX c = { .md_len = SHA256_DIGEST_LENGTH };

    memcpy(c.h, h, sizeof(c.h));
    SHA256_Update(&c, p, n);
    memcpy(h, c.h, sizeof(c.h));
}

static void run(struct digest_state *st, unsigned kinds, uint32_t *block,
                const unsigned char *p, size_t pieces)
{
    size_t n = pieces * DIGEST_PIECE;

    if (kinds & HASH_BIT(HASH_MD5))
        run_md5(st->md5, p, n);
    if (kinds & HASH_BIT(HASH_SHA1))
        run_sha1(st->sha1, p, n);
    if (kinds & HASH_BIT(HASH_SHA256))
        run_sha256(st->sha256, p, n);
    if (block)
        run_sha256(block, p, n);
}

static void run_two(uint32_t h[2][8], const unsigned char *const p[2],
                    size_t pieces)
{
    run_sha256(h[0], p[0], pieces * DIGEST_PIECE);
    run_sha256(h[1], p[1], pieces * DIGEST_PIECE);
}

static bool usable(void)
{
    return true;
}

const struct digest_engine digest_openssl = {
    .name = "OpenSSL",
    .usable = usable,
    .run = run,
    .run_two = run_two,
};
