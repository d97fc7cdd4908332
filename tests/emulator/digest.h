/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 and HMAC-SHA-256 of memory. */
#ifndef EMULATOR_DIGEST_H
#define EMULATOR_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_SIZE 32
#define DIGEST_BASE64_ROOM 45 /* 44 characters and the end */
#define DIGEST_HEX_ROOM 65

void digest_sha256(const void *data, size_t len, uint8_t out[DIGEST_SIZE]);
void digest_hmac(const void *key, size_t key_len, const void *data,
                 size_t len, uint8_t out[DIGEST_SIZE]);

#endif
