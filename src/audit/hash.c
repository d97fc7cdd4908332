/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/hash.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/text.h"

/* OpenSSL takes a few hundred bytes for a digest.  When there are none, wait
 * for some before the run has to die of it. */
#define TRIES 100
#define WAIT_US 20000

const char *const hash_names[HASH_KINDS] = { "md5", "sha1", "sha256" };
const char *const hash_titles[HASH_KINDS] = { "MD5", "SHA-1", "SHA-256" };
const size_t hash_sizes[HASH_KINDS] = { 16, 20, 32 };

struct hash {
    EVP_MD_CTX *ctx;
};

/* Fetched once and kept to the end: looking an algorithm up takes locks. */
static EVP_MD *algorithms[HASH_KINDS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    static const char *const names[HASH_KINDS] = { "MD5", "SHA1", "SHA256" };

    for (int k = 0; k < HASH_KINDS; k++)
        algorithms[k] = EVP_MD_fetch(NULL, names[k], NULL);
}

int hash_ready(struct err *e)
{
    if (!OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL)
        || !OSSL_LIB_CTX_get0_global_default())
        return err_set(e, ERR_INTERNAL, 0, "OpenSSL cannot start: out of "
                       "memory, or it is not installed as it should be");
    pthread_once(&once, prepare);
    if (!algorithms[HASH_SHA256])
        return err_set(e, ERR_INTERNAL, 0, "OpenSSL gives no SHA-256 here");
    return 0;
}

char *hashes_hex(const struct hashes *h, enum hash_kind k, char *buf)
{
    hex_encode(buf, h->value[k], hash_sizes[k]);
    return buf;
}

struct hash *hash_new(enum hash_kind k, struct err *e)
{
    struct hash *h = calloc(1, sizeof(*h));

    pthread_once(&once, prepare);
    if (!h) {
        err_nomem(e);
        return NULL;
    }
    h->ctx = EVP_MD_CTX_new();
    if (h->ctx && algorithms[k]
        && EVP_DigestInit_ex2(h->ctx, algorithms[k], NULL))
        return h;
    /* A crypto policy may forbid MD5. */
    err_set(e, ERR_INTERNAL, 0, "OpenSSL gives no %s here", hash_titles[k]);
    hash_free(h);
    return NULL;
}

/* From here on OpenSSL fails only when memory is gone; a digest that is not
 * the digest of the data must never get out. */
static void must(int ok)
{
    if (!ok)
        abort();
}

void hash_add(struct hash *h, const void *data, size_t n)
{
    must(EVP_DigestUpdate(h->ctx, data, n));
}

void hash_end(struct hash *h, unsigned char out[HASH_MAX])
{
    must(EVP_DigestFinal_ex(h->ctx, out, NULL));
}

void hash_peek(const struct hash *h, unsigned char out[HASH_MAX])
{
    EVP_MD_CTX *copy = EVP_MD_CTX_new();

    must(copy && EVP_MD_CTX_copy_ex(copy, h->ctx)
         && EVP_DigestFinal_ex(copy, out, NULL));
    EVP_MD_CTX_free(copy);
}

void hash_free(struct hash *h)
{
    if (!h)
        return;
    EVP_MD_CTX_free(h->ctx);
    free(h);
}

void hash_sha256(const void *data, size_t n, unsigned char out[32])
{
    int tries = TRIES;

    pthread_once(&once, prepare);
    while (!EVP_Digest(data, n, out, NULL, algorithms[HASH_SHA256], NULL)) {
        must(--tries);
        usleep(WAIT_US);
    }
}

unsigned hash_strongest(unsigned kinds)
{
    for (int k = HASH_KINDS - 1; k >= 0; k--)
        if (kinds & HASH_BIT(k))
            return HASH_BIT(k);
    return 0;
}
