#include "seal/certificate.h"

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

bool certificate_may_sign(X509 *x)
{
    return (X509_get_key_usage(x) & (KU_DIGITAL_SIGNATURE
                                     | KU_NON_REPUDIATION)) != 0;
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
