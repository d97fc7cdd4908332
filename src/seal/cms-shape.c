/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/cms-shape.h"

#include <string.h>

static const unsigned char oid_signed_data[] = {
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02,
};
static const unsigned char oid_data[] = {
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01,
};

/* No parameters at all, or the NULL that stands for them. */
static bool is_plain(struct der rest)
{
    struct der in;

    return rest.n == 0
        || (der_take(&rest, DER_NULL, &in, NULL) && in.n == 0 && rest.n == 0);
}

static bool take_algorithm(struct der *d, struct der *oid, bool *plain)
{
    struct der in;

    if (!der_take(d, DER_SEQUENCE, &in, NULL)
        || !der_take(&in, DER_OID, oid, NULL))
        return false;
    *plain = is_plain(in);
    return true;
}

static bool take_version(struct der *d, unsigned char version)
{
    struct der in;

    return der_take(d, DER_INTEGER, &in, NULL) && der_equal(&in, &version, 1);
}

/* RFC 5652: 3 when the content is not plain data, or the signer is named by
 * the identifier of his key. */
static bool take_signed_version(struct der *d, const struct cms_shape *s,
                                bool by_key)
{
    bool is_data = der_equal(&s->content_type, oid_data, sizeof(oid_data));

    return take_version(d, is_data && !by_key ? 1 : 3);
}

static const char *read_signer(struct der d, struct cms_shape *s,
                               bool *by_key)
{
    struct der version = d, in;
    bool plain;

    if (!der_take(&d, DER_INTEGER, &in, NULL))
        return "its signer has no version";
    *by_key = der_is_next(&d, 0x80);
    if (!take_version(&version, *by_key ? 3 : 1))
        return "the version of its signer is a wrong one";
    if (!der_take(&d, *by_key ? 0x80 : DER_SEQUENCE, &in, &s->sid))
        return "it does not name its signer";
    if (!take_algorithm(&d, &s->digest_oid, &plain) || !plain)
        return "the algorithm of its digest is not written as usual";
    if (!der_take(&d, DER_CONTEXT(0), &in, NULL))
        return "it has no signed attributes";
    if (!take_algorithm(&d, &s->signature_oid, &s->plain_parameters))
        return "its algorithm is not written as usual";
    if (!der_take(&d, DER_OCTETS, &in, NULL))
        return "it has no signature";
    return d.n ? "it has attributes that are not signed" : NULL;
}

/* One digest algorithm: that of the signer. */
static bool is_the_digest(struct der d, const struct cms_shape *s)
{
    struct der oid;
    bool plain;

    return take_algorithm(&d, &oid, &plain) && plain && d.n == 0
        && der_equal(&s->digest_oid, oid.s, oid.n);
}

static const char *read_signed(struct der d, struct cms_shape *s)
{
    struct der version = d, in, digests, content, signers;
    const char *wrong;
    bool by_key;

    if (!der_take(&d, DER_INTEGER, &in, NULL)
        || !der_take(&d, DER_SET, &digests, NULL)
        || !der_take(&d, DER_SEQUENCE, &content, NULL)
        || !der_take(&content, DER_OID, &s->content_type, NULL))
        return "it is not the signature of anything";
    if (der_is_next(&d, DER_CONTEXT(0)))
        der_take(&d, DER_CONTEXT(0), &in, NULL);
    if (!der_take(&d, DER_SET, &in, NULL) || d.n
        || !der_take(&in, DER_SEQUENCE, &signers, NULL) || in.n)
        return "it is not of one signer alone";
    wrong = read_signer(signers, s, &by_key);
    if (wrong)
        return wrong;
    if (!take_signed_version(&version, s, by_key))
        return "its version is a wrong one";
    return is_the_digest(digests, s) ? NULL
        : "its list of digests is not that of its signer";
}

const char *cms_shape(const void *der, size_t n, struct cms_shape *out)
{
    struct der d = { der, n }, in, oid, explicit;

    memset(out, 0, sizeof(*out));
    if (!der_take(&d, DER_SEQUENCE, &in, NULL) || d.n
        || !der_take(&in, DER_OID, &oid, NULL)
        || !der_equal(&oid, oid_signed_data, sizeof(oid_signed_data))
        || !der_take(&in, DER_CONTEXT(0), &explicit, NULL) || in.n
        || !der_take(&explicit, DER_SEQUENCE, &in, NULL) || explicit.n)
        return "it is no signature in CMS";
    return read_signed(in, out);
}
