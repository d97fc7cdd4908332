/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a signer: PEM and PKCS#12. */
#ifndef EBSIMG_SEAL_SIGNER_KEY_H
#define EBSIMG_SEAL_SIGNER_KEY_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/err.h"
#include "seal/passphrase.h"
#include "seal/signer-options.h"

struct signer_files {
    EVP_PKEY *key;
    X509 *cert;              /* that fits the key */
    STACK_OF(X509) *others;  /* those that issued it, but no root */
};

/* As signer_open().  What is in *out is the caller's in either case. */
int signer_read_files(const struct signer_options *o, struct passphrase *p,
                      struct signer_files *out, struct err *e);
void signer_free_files(struct signer_files *f);

#endif
