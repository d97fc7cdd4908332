/* SPDX-License-Identifier: Apache-2.0 */
/* Who signs: a private key, its certificate, and what is known of who issued
 * that.  Opened before there is anything to sign, and tried: a passphrase that
 * is wrong is told before an acquisition and not after it. */
#ifndef EBSIMG_SEAL_SIGNER_H
#define EBSIMG_SEAL_SIGNER_H

#include <stddef.h>

#include "base/err.h"
#include "base/text.h"
#include "seal/signer-options.h"

struct signer;

/* ERR_USAGE: a file that is none, or a key and a certificate that do not
 * belong together, have ended, or are not for signing; ERR_ACCESS: the
 * passphrase. */
struct signer *signer_open(const struct signer_options *o, struct err *e);
void signer_close(struct signer *s); /* wipes; NULL is fine */

/* A detached signature of these bytes (CMS, DER) with the attributes of CAdES:
 * signing-certificate-v2 and the time of this machine's clock. */
int signer_sign(const struct signer *s, const void *bytes, size_t n,
                struct text *out, struct err *e);

/* Its certificate's name, printable but not escaped; lives with `s'. */
const char *signer_name(const struct signer *s);

#endif
