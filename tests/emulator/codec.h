/* SPDX-License-Identifier: Apache-2.0 */
/* Text forms of bytes and numbers: base64 (both alphabets), hexadecimal,
 * percent-encoding, strict decimal. */
#ifndef EMULATOR_CODEC_H
#define EMULATOR_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/* Room for the text and its end. */
#define CODEC_BASE64_ROOM(n) (((n) + 2) / 3 * 4 + 1)

enum base64 {
    BASE64_URL,      /* '-' and '_', no padding */
    BASE64_STANDARD, /* '+' and '/', padded */
};

/* Returns the length of the text. */
size_t codec_base64(enum base64 kind, const uint8_t *in, size_t len,
                    char *out);

/* Accepts both alphabets, padded or not.  -1 when it is not base64 or does
 * not fit; else the number of bytes. */
int codec_unbase64(const char *text, uint8_t *out, size_t room);

void codec_hex(const uint8_t *in, size_t len, char *out);

/* Percent-encodes everything but unreserved characters; '/' stays when
 * `keep_slash'. */
void codec_percent(struct bytes *b, const char *s, size_t len,
                   bool keep_slash);

/* Undoes percent-encoding; '+' is a space, as a form has it.  The caller
 * frees it.  NULL when memory is out. */
char *codec_unpercent(const char *s, size_t len);

/* Decimal digits only, no sign, no blanks, not more than `max'. */
bool codec_number(const char *s, uint64_t max, uint64_t *out);

#endif
