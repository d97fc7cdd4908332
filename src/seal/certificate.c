/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/certificate.h"

#include <stdbool.h>
#include <time.h>

#include <openssl/bio.h>
#include <openssl/x509v3.h>


void certificate_name(X509 *x, struct text *t)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *s;
    long n;

    if (!bio) {
        t->failed = true;
        return;
    }
    X509_NAME_print_ex(bio, X509_get_subject_name(x), 0,
                       XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    n = BIO_get_mem_data(bio, &s);
    text_addn(t, s, n > 0 ? (size_t)n : 0);
    BIO_free(bio);
}

char *certificate_print(const X509 *x, char buf[CERTIFICATE_PRINT])
{
    unsigned char md[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (!X509_digest(x, EVP_sha256(), md, &n))
        n = 0;
    hex_encode(buf, md, n);
    return buf;
}

/* Whoever has such a key answers for a server, and for no document. */
static bool is_of_servers(const ASN1_OBJECT *usage)
{
    int nid = OBJ_obj2nid(usage);

    return nid == NID_server_auth || nid == NID_time_stamp
        || nid == NID_OCSP_sign;
}

static bool is_for_servers_alone(X509 *x)
{
    EXTENDED_KEY_USAGE *all = X509_get_ext_d2i(x, NID_ext_key_usage, NULL,
                                               NULL);
    bool alone = all != NULL;

    for (int i = 0; i < sk_ASN1_OBJECT_num(all); i++)
        alone &= is_of_servers(sk_ASN1_OBJECT_value(all, i));
    EXTENDED_KEY_USAGE_free(all);
    return alone;
}

const char *certificate_why_not(X509 *x)
{
    if (!(X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE
                                   | KU_NON_REPUDIATION)))
        return "its key usage says neither digitalSignature nor "
               "nonRepudiation";
    if (X509_get_extension_flags(x) & EXFLAG_CA)
        return "it is that of an authority, which issues certificates";
    if (is_for_servers_alone(x))
        return "its extended key usage names only servers or time stamps";
    return NULL;
}

int64_t certificate_seconds(const ASN1_TIME *t)
{
    struct tm tm;

    return t && ASN1_TIME_to_tm(t, &tm) ? (int64_t)timegm(&tm) : 0;
}

int certificate_when(const X509 *x, int64_t seconds)
{
    if (seconds < certificate_seconds(X509_get0_notBefore(x)))
        return -1;
    return seconds > certificate_seconds(X509_get0_notAfter(x)) ? 1 : 0;
}
