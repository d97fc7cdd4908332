/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of seal.c. */
#ifndef EBSIMG_VERIFY_SEAL_PRIVATE_H
#define EBSIMG_VERIFY_SEAL_PRIVATE_H

#include "seal/cms-read.h"
#include "seal/document.h"
#include "seal/trust.h"
#include "verify/verification.h"

/* seal-files.c: each file that was sealed, as it is now. */
int verify_seal_files(struct verification *v, const struct seal_document *d,
                      struct err *e);

/* At the end of all: a seal is of bytes, so that line ends which are nothing
 * against a set without one are a reserve against this one. */
void verify_seal_line_ends(struct verification *v);

/* seal-signatures.c: all signatures of the document and their time stamps.
 * `trust' is NULL when nobody was named.  *by is then the name of the first
 * signer who is trusted, the caller's to free, or NULL. */
int verify_seal_signatures(struct verification *v, const struct trust *trust,
                           const struct text *document,
                           const struct seal_document *d, char **by,
                           struct err *e);

/* Was this signature good when it was made: at `since', the earliest time that
 * somebody who is trusted has stamped?  Without such a stamp (0) it must be
 * good `now'; *ended: it is not any more, but was at the time that it claims.
 * Of the certificates that it carries *unused were not needed.  ERR_VERIFY
 * tells why nobody vouches for the signer. */
int verify_trust_signer(const struct trust *trust,
                        const struct cms_read *cms, int64_t since,
                        int64_t now, unsigned *unused, bool *ended,
                        struct err *why);

#endif
