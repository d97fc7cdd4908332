/* SPDX-License-Identifier: Apache-2.0 */
/* A time stamp token of RFC 3161: somebody else says that he saw the SHA-256
 * of some bytes at a time. */
#ifndef EBSIMG_SEAL_TOKEN_H
#define EBSIMG_SEAL_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "seal/cms-read.h"

struct token {
    struct cms_read cms;
    int64_t time;              /* seconds since 1970 */
    char policy[80];           /* OID */
};

/* A question about these bytes in DER.  *nonce is what the answer must
 * repeat. */
int token_question(const void *bytes, size_t n, uint64_t *nonce,
                   struct text *out, struct err *e);

/* The token in the answer to it, as the server has written it, when it is one
 * about these bytes with that nonce; ERR_SERVICE says why not. */
int token_answer(const struct text *answer, const void *bytes, size_t n,
                 uint64_t nonce, struct text *out, struct err *e);

/* ERR_VERIFY when it is no good token about these bytes; whom to trust is
 * another question.  With `nonce' it must be that one.  Free it in either
 * case. */
int token_read(const struct text *der, const void *bytes, size_t n,
               const uint64_t *nonce, struct token *out, struct err *e);
void token_free(struct token *t);

#endif
