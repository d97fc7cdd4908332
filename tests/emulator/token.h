/* SPDX-License-Identifier: Apache-2.0 */
/* The opaque tokens: block tokens and page tokens.
 *
 * A token is its value and its time of expiry under an HMAC that also
 * covers what it is good for (the operation and the snapshots), so that it
 * is worth nothing anywhere else and nothing has to be remembered. */
#ifndef EMULATOR_TOKEN_H
#define EMULATOR_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"

#define TOKEN_ROOM 128

enum token_kind {
    TOKEN_BLOCK,   /* value: the block's index */
    TOKEN_LIST,    /* value: where the next page starts */
    TOKEN_CHANGED, /* likewise */
    TOKEN_EC2,     /* likewise */
};

struct tokens;

struct tokens *tokens_new(const uint8_t *secret, size_t len);
void tokens_free(struct tokens *t);

/* From now on refuses every block token (or every page token) made before.
 * Any thread. */
void tokens_expire(struct tokens *t, enum token_kind kind);

/* Many tokens for one answer.  One thread at a time. */
struct token_batch;

/* `scope' names what the tokens are good for.  NULL: out of memory. */
struct token_batch *token_batch_new(struct tokens *t, enum token_kind kind,
                                    const char *scope, int64_t expires,
                                    enum base64 alphabet);
void token_batch_free(struct token_batch *b);

/* Returns the length of the text in `out'. */
size_t token_make(struct token_batch *b, uint64_t value,
                  char out[TOKEN_ROOM]);

/* True when it was made by us for this purpose and has not expired. */
bool token_check(struct tokens *t, enum token_kind kind, const char *scope,
                 const char *text, int64_t now, uint64_t *value);

static inline void scope_token_batch(struct token_batch **b)
{
    token_batch_free(*b);
}

#define autobatch __attribute__((cleanup(scope_token_batch)))

#endif
