/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a CMS signature that neither its mathematics nor OpenSSL bind:
 * versions, lists of algorithms, which certificate is meant.  They are held to
 * the one form that they can have, so that no byte can change unseen.  Pure:
 * OpenSSL is asked for names alone. */
#ifndef EBSIMG_SEAL_CMS_SHAPE_H
#define EBSIMG_SEAL_CMS_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "seal/der.h"

struct cms_shape {
    struct der content_type;  /* the OID */
    struct der sid;           /* whole; a SEQUENCE, or of a key identifier */
    struct der digest_oid;
    struct der signature_oid;
    bool plain_parameters;    /* of the signature's algorithm: none, or NULL */
};

/* NULL, or what is wrong with it: `der' is to be a SignedData of one signer,
 * without attributes that are not signed, without revocation lists. */
const char *cms_shape(const void *der, size_t n, struct cms_shape *out);

#endif
