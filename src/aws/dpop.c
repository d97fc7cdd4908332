/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/dpop.h"

#include <inttypes.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

enum { HALF = 32 }; /* of a point or a signature of P-256 */

/* base64 as URLs have it: - and _, and nothing at the end. */
static void add_base64url(struct text *t, const void *data, size_t n)
{
    unsigned char out[512 + 1]; /* 384 bytes are 512 letters */
    const unsigned char *s = data;

    for (size_t i = 0; i < n; i += 384) {
        size_t len = n - i < 384 ? n - i : 384;
        int got = EVP_EncodeBlock(out, s + i, (int)len);

        for (int k = 0; k < got; k++)
            out[k] = out[k] == '+' ? '-' : out[k] == '/' ? '_' : out[k];
        while (got && out[got - 1] == '=')
            got--;
        text_addn(t, (const char *)out, (size_t)got);
    }
}

/* ------------------------------------------------------------------- key */

static EVP_PKEY *read_key(const char *pem, struct err *e)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL)
                        : NULL;

    BIO_free(bio);
    if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC
        && EVP_PKEY_get_bits(key) == 8 * HALF)
        return key;
    EVP_PKEY_free(key);
    ERR_clear_error();
    err_set(e, ERR_ACCESS, 0, "its key is no P-256 key");
    return NULL;
}

static int add_coordinate(struct text *t, EVP_PKEY *key, const char *name)
{
    unsigned char half[HALF];
    BIGNUM *n = NULL;
    int r = EVP_PKEY_get_bn_param(key, name, &n) == 1
        && BN_bn2binpad(n, half, HALF) == HALF ? 0 : -1;

    BN_free(n);
    if (r == 0)
        add_base64url(t, half, HALF);
    return r;
}

/* ----------------------------------------------------------------- parts */

static int add_header(struct text *out, EVP_PKEY *key)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":"
             "\"EC\",\"x\":\"");
    if (add_coordinate(&t, key, OSSL_PKEY_PARAM_EC_PUB_X) < 0)
        return -1;
    text_add(&t, "\",\"y\":\"");
    if (add_coordinate(&t, key, OSSL_PKEY_PARAM_EC_PUB_Y) < 0)
        return -1;
    text_add(&t, "\",\"crv\":\"P-256\"}}");
    if (t.failed)
        return -1;
    add_base64url(out, t.s, t.len);
    return 0;
}

static int add_payload(struct text *out, const char *url, uint64_t now,
                       const char *id)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "{\"htm\":\"POST\",\"htu\":");
    text_add_json(&t, url);
    text_addf(&t, ",\"iat\":%" PRIu64 ",\"jti\":", now);
    text_add_json(&t, id);
    text_add(&t, "}");
    if (t.failed)
        return -1;
    add_base64url(out, t.s, t.len);
    return 0;
}

/* JWS wants the two numbers side by side; OpenSSL gives them as DER. */
static int add_raw(struct text *out, const unsigned char *der, size_t n)
{
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
    unsigned char raw[2 * HALF];
    int r = sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, HALF) == HALF
        && BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + HALF, HALF) == HALF
        ? 0 : -1;

    ECDSA_SIG_free(sig);
    if (r == 0)
        add_base64url(out, raw, sizeof(raw));
    return r;
}

static int add_signature(struct text *t, EVP_PKEY *key)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    unsigned char der[128];
    size_t n = sizeof(der);
    int r = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1
        && EVP_DigestSign(ctx, der, &n, (const unsigned char *)t->s, t->len)
            == 1 ? 0 : -1;

    EVP_MD_CTX_free(ctx);
    text_add(t, ".");
    return r < 0 ? -1 : add_raw(t, der, n);
}

static int make(struct text *t, EVP_PKEY *key, const char *url, uint64_t now,
                const char *id)
{
    if (add_header(t, key) < 0)
        return -1;
    text_add(t, ".");
    if (add_payload(t, url, now, id) < 0 || t->failed)
        return -1;
    return add_signature(t, key);
}

int dpop_add(struct text *out, const char *pem, const char *url,
             uint64_t now, const char *id, struct err *e)
{
    autotext struct text t = TEXT_INIT;
    EVP_PKEY *key = read_key(pem, e);
    int r;

    if (!key)
        return -1;
    r = make(&t, key, url, now, id);
    EVP_PKEY_free(key);
    if (r < 0 || t.failed)
        return err_set(e, ERR_INTERNAL, 0, "no proof can be made with its "
                       "key");
    text_addn(out, t.s, t.len);
    return out->failed ? err_nomem(e) : 0;
}
