/* SPDX-License-Identifier: Apache-2.0 */
/* The lines behind an entry that prove it: its signature (CMS with the
 * attributes of CAdES, over the bytes of the entry's line) and the time stamps
 * of that (RFC 3161, over the signature in DER). */
#ifndef EBSIMG_CUSTODY_PROOF_H
#define EBSIMG_CUSTODY_PROOF_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "custody/custody.h"
#include "seal/cms-read.h"
#include "seal/token.h"

#define CUSTODY_SIGNATURE "signature" /* the events of such lines */
#define CUSTODY_STAMP "stamp"

/* The member that holds the DER in base64. */
#define CUSTODY_DER "der"

/* Standard base64 in one line. */
void custody_base64(struct text *t, const void *bytes, size_t n);

/* The DER of such a line.  There is one way to write it, all of its line
 * included: ERR_VERIFY when it is written in another one, since nothing else
 * vouches for the last line of a log.  `of' is the line that it belongs to. */
int custody_der(const struct custody *c, size_t line, size_t of,
                struct text *der, struct err *e);

/* The signature of an entry that has one, as far as it can be checked without
 * knowing whom to trust.  custody_signature_free() in every case. */
struct custody_signature {
    struct text der;
    struct cms_read cms;
    struct text who;          /* of the certificate, not escaped */
};

int custody_signature(const struct custody *c, const struct custody_entry *x,
                      struct custody_signature *out, struct err *e);
void custody_signature_free(struct custody_signature *s);

/* The k-th time stamp of it, from 0; token_free() in every case. */
int custody_stamp(const struct custody *c, const struct custody_entry *x,
                  const struct custody_signature *s, size_t k,
                  struct token *out, struct err *e);

/* All of them, whoever signed.  ERR_VERIFY names the first line that is no
 * good: the chain alone does not show that of the last one, which no other
 * line quotes. */
int custody_check_proofs(const struct custody *c, struct err *e);

#endif
