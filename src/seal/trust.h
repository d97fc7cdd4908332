/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the caller trusts: certificates that he names, and nobody else.  No
 * network: whether a certificate was revoked is not asked. */
#ifndef EBSIMG_SEAL_TRUST_H
#define EBSIMG_SEAL_TRUST_H

#include <stdint.h>

#include <openssl/x509.h>

#include "base/err.h"

struct trust;

/* All certificates of a PEM file; ERR_USAGE when there is none. */
struct trust *trust_open(const char *path, struct err *e);
void trust_close(struct trust *t); /* NULL is fine */

enum trust_for { TRUST_TO_SIGN, TRUST_TO_STAMP };

/* Does one of them vouch for `x', with the help of the certificates `others',
 * at that second?  ERR_VERIFY tells why not.  *unused is the number of
 * `others' that it did not take, whose bytes nobody vouches for. */
int trust_check(const struct trust *t, X509 *x, STACK_OF(X509) *others,
                enum trust_for what, int64_t seconds, unsigned *unused,
                struct err *e);

#endif
