/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of certificates. */
#ifndef EBSIMG_SEAL_CERTIFICATE_H
#define EBSIMG_SEAL_CERTIFICATE_H

#include <stdint.h>

#include <openssl/asn1.h>
#include <openssl/x509.h>

#include "base/text.h"

/* Its name as RFC 2253 writes it, in UTF-8; not escaped for a terminal. */
void certificate_name(X509 *x, struct text *t);

/* The SHA-256 of the certificate, in hex. */
#define CERTIFICATE_PRINT (2 * 32 + 1)
char *certificate_print(const X509 *x, char buf[CERTIFICATE_PRINT]);

/* Why it may not sign documents, by its key usages, if it has any, and because
 * it is an authority's (RFC 5280, 4.2.1.3, 4.2.1.9 and 4.2.1.12); NULL: it
 * may. */
const char *certificate_why_not(X509 *x);

/* It is valid at that second: < 0 not yet, > 0 no longer. */
int certificate_when(const X509 *x, int64_t seconds);

/* Seconds since 1970; 0 when it is no time. */
int64_t certificate_seconds(const ASN1_TIME *t);

#endif
