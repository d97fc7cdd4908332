/* SPDX-License-Identifier: Apache-2.0 */
#include "token.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "digest.h"

/* How a token looks inside.  The sizes make tokens of blocks and of lists 95
 * and those of changes 111 characters long, and the constant bytes make them
 * start "AlMB", "AlMC" and "AlMD", as the real ones do.  0xfbffbf is "-_-_"
 * in the one alphabet and "+/+/" in the other, so that every token shows who
 * forgets to encode.  In the text the HMAC comes after the salt, so that the
 * tokens of one page share their beginning, and no more. */
#define MAGIC_SIZE 6
#define EXPIRES_AT MAGIC_SIZE
#define SALT_AT 14
#define VALUE_AT 18
#define MAC_AT VALUE_AT /* in the text */
#define GENERATION_AT 26
#define FILLER_AT 30
#define BODY_MAX 51

struct tokens {
    uint8_t secret[64];
    size_t secret_len;
    EVP_MAC *mac;
    atomic_uint generation[2]; /* of block tokens, of page tokens */
};

struct token_batch {
    EVP_MAC_CTX *mac;
    enum base64 alphabet;
    size_t body_len;
    uint8_t body[BODY_MAX];
    uint8_t prefix[256]; /* what the HMAC covers besides the body */
    size_t prefix_len;
};

static const struct shape {
    uint8_t magic[MAGIC_SIZE];
    size_t body_len; /* bytes before the HMAC */
} shapes[] = {
    [TOKEN_BLOCK] = { { 0x02, 0x53, 0x01, 0xfb, 0xff, 0xbf }, 39 },
    [TOKEN_LIST] = { { 0x02, 0x53, 0x02, 0xfb, 0xff, 0xbf }, 39 },
    [TOKEN_CHANGED] = { { 0x02, 0x53, 0x03, 0xfb, 0xff, 0xbf }, BODY_MAX },
    [TOKEN_EC2] = { { 0x02, 0x53, 0x03, 0xfb, 0xff, 0xbf }, BODY_MAX },
};

static bool is_page(enum token_kind kind)
{
    return kind != TOKEN_BLOCK;
}

struct tokens *tokens_new(const uint8_t *secret, size_t len)
{
    struct tokens *t = calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    assert(len <= sizeof(t->secret));
    memcpy(t->secret, secret, len);
    t->secret_len = len;
    t->mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (!t->mac) {
        free(t);
        return NULL;
    }
    return t;
}

void tokens_free(struct tokens *t)
{
    if (!t)
        return;
    EVP_MAC_free(t->mac);
    free(t);
}

void tokens_expire(struct tokens *t, enum token_kind kind)
{
    atomic_fetch_add(&t->generation[is_page(kind)], 1);
}

static void put(uint8_t *at, uint64_t v, unsigned bytes)
{
    while (bytes--) {
        at[bytes] = (uint8_t)v;
        v >>= 8;
    }
}

static uint64_t get(const uint8_t *at, unsigned bytes)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < bytes; i++)
        v = v << 8 | at[i];
    return v;
}

static bool start_mac(struct token_batch *b, const struct tokens *t)
{
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };

    b->mac = EVP_MAC_CTX_new(t->mac);
    return b->mac && EVP_MAC_init(b->mac, t->secret, t->secret_len, params);
}

static struct token_batch *batch_new(struct tokens *t, enum token_kind kind,
                                     const char *scope)
{
    struct token_batch *b = calloc(1, sizeof(*b));
    size_t len = strlen(scope) + 1;

    if (!b)
        return NULL;
    if (len >= sizeof(b->prefix) || !start_mac(b, t)) {
        token_batch_free(b);
        return NULL;
    }
    b->prefix[0] = (uint8_t)kind;
    memcpy(b->prefix + 1, scope, len);
    b->prefix_len = len + 1;
    b->body_len = shapes[kind].body_len;
    return b;
}

struct token_batch *token_batch_new(struct tokens *t, enum token_kind kind,
                                    const char *scope, int64_t expires,
                                    enum base64 alphabet)
{
    struct token_batch *b = batch_new(t, kind, scope);

    if (!b)
        return NULL;
    b->alphabet = alphabet;
    if (getrandom(b->body, b->body_len, 0) < 0)
        abort();
    memcpy(b->body, shapes[kind].magic, MAGIC_SIZE);
    put(b->body + EXPIRES_AT, (uint64_t)expires, 8);
    put(b->body + GENERATION_AT,
        atomic_load(&t->generation[is_page(kind)]), 4);
    return b;
}

void token_batch_free(struct token_batch *b)
{
    if (!b)
        return;
    EVP_MAC_CTX_free(b->mac);
    free(b);
}

static void sign(struct token_batch *b, uint8_t out[DIGEST_SIZE])
{
    size_t len = 0;
    /* Without a key it starts over with the one it has. */
    int ok = EVP_MAC_init(b->mac, NULL, 0, NULL) &&
             EVP_MAC_update(b->mac, b->prefix, b->prefix_len) &&
             EVP_MAC_update(b->mac, b->body, b->body_len) &&
             EVP_MAC_final(b->mac, out, &len, DIGEST_SIZE);

    assert(ok && len == DIGEST_SIZE);
    (void)ok;
}

size_t token_make(struct token_batch *b, uint64_t value,
                  char out[TOKEN_ROOM])
{
    uint8_t raw[BODY_MAX + DIGEST_SIZE];

    put(b->body + VALUE_AT, value, 8);
    memcpy(raw, b->body, MAC_AT);
    sign(b, raw + MAC_AT);
    memcpy(raw + MAC_AT + DIGEST_SIZE, b->body + MAC_AT,
           b->body_len - MAC_AT);
    return codec_base64(b->alphabet, raw, b->body_len + DIGEST_SIZE, out);
}

bool token_check(struct tokens *t, enum token_kind kind, const char *scope,
                 const char *text, int64_t now, uint64_t *value)
{
    uint8_t raw[BODY_MAX + DIGEST_SIZE];
    uint8_t mac[DIGEST_SIZE];
    const uint8_t *body;
    int len = codec_unbase64(text, raw, sizeof(raw));
    autobatch struct token_batch *b = batch_new(t, kind, scope);

    if (!b || len != (int)(b->body_len + DIGEST_SIZE))
        return false;
    memcpy(b->body, raw, MAC_AT);
    memcpy(b->body + MAC_AT, raw + MAC_AT + DIGEST_SIZE,
           b->body_len - MAC_AT);
    body = b->body;
    sign(b, mac);
    *value = get(body + VALUE_AT, 8);
    return CRYPTO_memcmp(mac, raw + MAC_AT, DIGEST_SIZE) == 0 &&
           (int64_t)get(body + EXPIRES_AT, 8) > now &&
           get(body + GENERATION_AT, 4) ==
               atomic_load(&t->generation[is_page(kind)]);
}
