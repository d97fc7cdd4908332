/* SPDX-License-Identifier: Apache-2.0 */
/* One signature in CMS, read back and checked as far as that is possible
 * without knowing whom to trust: a detached one of a document, or a time
 * stamp token, which holds what it signs. */
#ifndef EBSIMG_SEAL_CMS_READ_H
#define EBSIMG_SEAL_CMS_READ_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/cms.h>

#include "base/err.h"

struct cms_read {
    CMS_ContentInfo *cms;
    X509 *signer;              /* within `certs' */
    STACK_OF(X509) *certs;     /* all that it carries */
    int64_t claimed;           /* signing time, seconds; 0: it tells none */
};

/* Every byte of `der' is accounted for; the signature is one of `content', or
 * of what is in it when that is NULL; the signed attributes name the signer's
 * certificate by its digest.  ERR_VERIFY says what is wrong.  Free it in
 * either case. */
int cms_read(const void *der, size_t n, const void *content, size_t length,
             struct cms_read *out, struct err *e);
void cms_read_free(struct cms_read *r);

#endif
