/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/cms-read.h"

#include <string.h>

#include <openssl/ess.h>
#include <openssl/objects.h>

#include "seal/certificate.h"
#include "seal/cms-shape.h"
#include "seal/openssl-error.h"

static int bad(struct err *e, const char *why)
{
    return err_set(e, ERR_VERIFY, 0, "is no good signature: %s", why);
}

/* ------------------------------------------------------------- bytes */

/* Encoded again it has the same bytes. */
static int decode(const void *der, size_t n, struct cms_read *out,
                  struct err *e)
{
    const unsigned char *at = der;
    unsigned char *again = NULL;
    bool same;
    int len;

    out->cms = d2i_CMS_ContentInfo(NULL, &at, (long)n);
    if (!out->cms)
        return bad(e, openssl_error());
    len = i2d_CMS_ContentInfo(out->cms, &again);
    same = len > 0 && (size_t)len == n && memcmp(again, der, n) == 0;
    OPENSSL_free(again);
    return same ? 0 : bad(e, "it is not written as DER is");
}

static int nid_of(const struct der *oid)
{
    const unsigned char *at;
    unsigned char whole[2 + 127];
    ASN1_OBJECT *o;
    int nid;

    if (oid->n > 127)
        return NID_undef;
    whole[0] = DER_OID;
    whole[1] = (unsigned char)oid->n;
    memcpy(whole + 2, oid->s, oid->n);
    at = whole;
    o = d2i_ASN1_OBJECT(NULL, &at, (long)oid->n + 2);
    nid = o ? OBJ_obj2nid(o) : NID_undef;
    ASN1_OBJECT_free(o);
    return nid;
}

/* SHA-1 is not good enough any more. */
static bool is_good_digest(int nid)
{
    return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

/* Which names a signature's algorithm may have, by key and digest. */
static bool is_algorithm(int nid, int key, int digest, bool plain)
{
    int of_digest, of_key;

    if (nid == NID_rsassaPss)
        return key == NID_rsaEncryption || key == NID_rsassaPss;
    if (!plain)
        return false;
    if (nid == NID_rsaEncryption || nid == NID_ED25519)
        return nid == key;
    return OBJ_find_sigid_algs(nid, &of_digest, &of_key)
        && of_digest == digest && of_key == key;
}

/* ------------------------------------------------------------- signer */

/* The name and number of its certificate, as that has them. */
static bool is_sid_of(const struct der *sid, const X509 *x)
{
    unsigned char *name = NULL, *serial = NULL;
    struct der d = *sid, in, issuer = { 0 };
    int n = i2d_X509_NAME(X509_get_issuer_name(x), &name);
    int m = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &serial);
    bool same = n > 0 && m > 0 && der_take(&d, DER_SEQUENCE, &in, NULL)
        && der_take(&in, DER_SEQUENCE, &(struct der){ 0 }, &issuer)
        && der_equal(&issuer, name, (size_t)n)
        && der_equal(&in, serial, (size_t)m);

    OPENSSL_free(name);
    OPENSSL_free(serial);
    return same;
}

static int find_signer(struct cms_read *out, const struct cms_shape *s,
                       struct err *e)
{
    CMS_SignerInfo *si;

    out->certs = CMS_get1_certs(out->cms);
    if (CMS_set1_signers_certs(out->cms, NULL, 0) != 1)
        return bad(e, "it carries no certificate of its signer");
    si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(out->cms), 0);
    CMS_SignerInfo_get0_algs(si, NULL, &out->signer, NULL, NULL);
    if (!out->signer)
        return bad(e, "it carries no certificate of its signer");
    if (s->sid.s[0] == DER_SEQUENCE && !is_sid_of(&s->sid, out->signer))
        return bad(e, "it does not name the certificate of its signer as "
                   "that is named");
    return 0;
}

static int check_algorithms(const struct cms_read *r,
                            const struct cms_shape *s, struct err *e)
{
    int digest = nid_of(&s->digest_oid);
    const EVP_PKEY *key = X509_get0_pubkey(r->signer);

    if (!key) /* which OpenSSL does not expect of anybody */
        return bad(e, openssl_error());
    if (!is_good_digest(digest))
        return bad(e, "its digest is none of SHA-256, SHA-384 and SHA-512");
    if (!is_algorithm(nid_of(&s->signature_oid),
                      EVP_PKEY_get_base_id(key), digest, s->plain_parameters))
        return bad(e, "its algorithm does not fit its key and its digest");
    return 0;
}

/* --------------------------------------------------------- mathematics */

static int verify(const struct cms_read *r, const void *content,
                  size_t length, struct err *e)
{
    BIO *data = content ? BIO_new_mem_buf(length ? content : "", (int)length)
                        : NULL;
    int good = -1;

    if (data || !content)
        good = CMS_verify(r->cms, NULL, NULL, data, NULL,
                          CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY);
    BIO_free(data);
    return good == 1 ? 0 : bad(e, openssl_error());
}

/* The sequence of a signed attribute, once there. */
static const ASN1_STRING *attribute(CMS_SignerInfo *si, int nid)
{
    return CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(nid), -3,
                                       V_ASN1_SEQUENCE);
}

/* Without it another certificate of the same key could be put in. */
static int check_ess(const struct cms_read *r, CMS_SignerInfo *si,
                     struct err *e)
{
    const ASN1_STRING *v1 = attribute(si, NID_id_smime_aa_signingCertificate);
    const ASN1_STRING *v2 =
        attribute(si, NID_id_smime_aa_signingCertificateV2);
    STACK_OF(X509) *chain = sk_X509_new_null();
    ESS_SIGNING_CERT *one = NULL;
    ESS_SIGNING_CERT_V2 *two = NULL;
    const unsigned char *at;
    int good = 0;

    if (v1 && (at = ASN1_STRING_get0_data(v1)))
        one = d2i_ESS_SIGNING_CERT(NULL, &at, ASN1_STRING_length(v1));
    if (v2 && (at = ASN1_STRING_get0_data(v2)))
        two = d2i_ESS_SIGNING_CERT_V2(NULL, &at, ASN1_STRING_length(v2));
    if (chain && sk_X509_push(chain, r->signer))
        good = OSSL_ESS_check_signing_certs(one, two, chain, 1);
    sk_X509_free(chain);
    ESS_SIGNING_CERT_free(one);
    ESS_SIGNING_CERT_V2_free(two);
    return good > 0 ? 0 : bad(e, "it does not say whose certificate it was "
                              "made with, or that of another one");
}

static int64_t claimed_time(CMS_SignerInfo *si)
{
    int i = CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE *a = i < 0 ? NULL : CMS_signed_get_attr(si, i);
    const ASN1_TYPE *v = a ? X509_ATTRIBUTE_get0_type(a, 0) : NULL;

    if (!v || (v->type != V_ASN1_UTCTIME && v->type != V_ASN1_GENERALIZEDTIME))
        return 0;
    return certificate_seconds((ASN1_TIME *)v->value.ptr);
}

int cms_read(const void *der, size_t n, const void *content, size_t length,
             struct cms_read *out, struct err *e)
{
    struct cms_shape shape;
    CMS_SignerInfo *si;
    const char *wrong;

    memset(out, 0, sizeof(*out));
    wrong = cms_shape(der, n, &shape);
    if (wrong)
        return bad(e, wrong);
    if (decode(der, n, out, e) < 0 || find_signer(out, &shape, e) < 0
        || check_algorithms(out, &shape, e) < 0
        || verify(out, content, length, e) < 0)
        return -1;
    si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(out->cms), 0);
    out->claimed = claimed_time(si);
    return check_ess(out, si, e);
}

void cms_read_free(struct cms_read *r)
{
    sk_X509_pop_free(r->certs, X509_free);
    CMS_ContentInfo_free(r->cms);
    memset(r, 0, sizeof(*r));
}
