/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/signer.h"

#include <stdlib.h>

#include <openssl/cms.h>
#include <openssl/crypto.h>

#include "base/clock.h"
#include "seal/certificate.h"
#include "seal/openssl-error.h"
#include "seal/signer-key.h"

enum { RSA_BITS_MIN = 2048, EC_BITS_MIN = 224 };

#define SIGN_FLAGS (CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP)

struct signer {
    struct signer_files files;
    const EVP_MD *md;
    struct text name;
};

/* As strong as the key is. */
static const EVP_MD *digest_for(const EVP_PKEY *key)
{
    int bits = EVP_PKEY_get_bits(key);

    switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
        return bits < RSA_BITS_MIN ? NULL : EVP_sha256();
    case EVP_PKEY_EC:
        if (bits < EC_BITS_MIN)
            return NULL;
        return bits <= 256 ? EVP_sha256() : bits <= 384 ? EVP_sha384()
                                                        : EVP_sha512();
    case EVP_PKEY_ED25519:
        return EVP_sha512(); /* RFC 8419 */
    default:
        return NULL;
    }
}

static int check_cert(const struct signer *s, const char *cert, struct err *e)
{
    int when = certificate_when(s->files.cert,
                                (int64_t)(clock_wall(&clock_system)
                                          / NS_PER_S));
    const char *why;

    if (when)
        return err_set(e, ERR_USAGE, 0, "%s: the certificate is not valid %s",
                       cert, when < 0 ? "yet" : "any more");
    why = certificate_why_not(s->files.cert);
    if (why)
        return err_set(e, ERR_USAGE, 0, "%s: the certificate is not for "
                       "signing: %s", cert, why);
    return 0;
}

/* Not every OpenSSL can sign with every key. */
static int try_out(const struct signer *s, const char *key, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    return signer_sign(s, "", 0, &t, e) < 0 ? err_in(e, "%s", key) : 0;
}

static int open_files(struct signer *s, const struct signer_options *o,
                      struct passphrase *p, struct err *e)
{
    if (signer_read_files(o, p, &s->files, e) < 0)
        return -1;
    s->md = digest_for(s->files.key);
    if (!s->md)
        return err_set(e, ERR_USAGE, 0, "%s: only keys of RSA from %d bits "
                       "on, ECDSA and Ed25519 can seal", o->key,
                       RSA_BITS_MIN);
    if (check_cert(s, o->cert ? o->cert : o->key, e) < 0)
        return -1;
    certificate_name(s->files.cert, &s->name);
    return s->name.failed ? err_nomem(e) : try_out(s, o->key, e);
}

struct signer *signer_open(const struct signer_options *o, struct err *e)
{
    struct passphrase p = { .fd = o->passphrase_fd, .file = o->key };
    struct signer *s = calloc(1, sizeof(*s));
    int r;

    if (!s) {
        err_nomem(e);
        return NULL;
    }
    r = open_files(s, o, &p, e);
    passphrase_wipe(&p);
    if (r == 0)
        return s;
    signer_close(s);
    return NULL;
}

void signer_close(struct signer *s)
{
    if (!s)
        return;
    signer_free_files(&s->files);
    text_free(&s->name);
    free(s);
}

const char *signer_name(const struct signer *s)
{
    return s->name.s ? s->name.s : "";
}

/* ------------------------------------------------------------------- sign */

static CMS_ContentInfo *make(const struct signer *s, BIO *content)
{
    CMS_ContentInfo *cms = CMS_sign(NULL, NULL, s->files.others, NULL,
                                    SIGN_FLAGS | CMS_PARTIAL);

    if (cms && CMS_add1_signer(cms, s->files.cert, s->files.key, s->md,
                               SIGN_FLAGS | CMS_CADES)
        && CMS_final(cms, content, NULL, SIGN_FLAGS))
        return cms;
    CMS_ContentInfo_free(cms);
    return NULL;
}

static int encode(CMS_ContentInfo *cms, struct text *out, struct err *e)
{
    unsigned char *der = NULL;
    int n = i2d_CMS_ContentInfo(cms, &der);

    if (n > 0)
        text_addn(out, (char *)der, (size_t)n);
    OPENSSL_free(der);
    return n <= 0 || out->failed ? err_nomem(e) : 0;
}

int signer_sign(const struct signer *s, const void *bytes, size_t n,
                struct text *out, struct err *e)
{
    BIO *content = BIO_new_mem_buf(n ? bytes : "", (int)n);
    CMS_ContentInfo *cms = content ? make(s, content) : NULL;
    int r;

    BIO_free(content);
    if (!cms)
        return err_set(e, ERR_USAGE, 0, "%s cannot sign with this key (%s)",
                       OpenSSL_version(OPENSSL_VERSION), openssl_error());
    r = encode(cms, out, e);
    CMS_ContentInfo_free(cms);
    return r;
}
