/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

void digest_sha256(const void *data, size_t len, uint8_t out[DIGEST_SIZE])
{
    int ok = EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL);

    assert(ok);
    (void)ok;
}

void digest_hmac(const void *key, size_t key_len, const void *data,
                 size_t len, uint8_t out[DIGEST_SIZE])
{
    const unsigned char *ok;

    assert(key_len <= INT_MAX);
    ok = HMAC(EVP_sha256(), key, (int)key_len, data, len, out, NULL);
    assert(ok);
    (void)ok;
}
