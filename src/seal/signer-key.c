/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/signer-key.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "base/inlet.h"
#include "base/scope.h"
#include "base/text.h"
#include "seal/openssl-error.h"

/* More than any key or bundle of certificates is long. */
#define FILE_MAX (256u * 1024)
#define CERTS_MAX 32

/* One buffer, so that no copy of a key stays in memory that was given back. */
struct bytes {
    char *s;
    size_t n;
};

static void wipe(struct bytes *b)
{
    if (b->s)
        secret_wipe(b->s, FILE_MAX + 1);
    free(b->s);
}

#define autobytes __attribute__((cleanup(wipe)))

static int slurp(const char *path, struct bytes *b, struct err *e)
{
    autoinlet struct inlet in = { .fd = -1 };
    long n;

    b->s = calloc(1, FILE_MAX + 1);
    if (!b->s)
        return err_nomem(e);
    if (inlet_open(&in, path, e) < 0)
        return -1;
    in.whole = true;
    while ((n = inlet_read(&in, b->s + b->n, FILE_MAX + 1 - b->n, e)) > 0) {
        b->n += (size_t)n;
        if (b->n > FILE_MAX)
            return err_set(e, ERR_USAGE, 0, "%s is too large for a key or "
                           "certificates", path);
    }
    return n < 0 ? -1 : 0;
}

static BIO *open_bytes(const struct bytes *b)
{
    return BIO_new_mem_buf(b->s, (int)b->n);
}

/* ------------------------------------------------------------- PEM */

static int read_pem_key(const char *path, const struct bytes *b,
                        struct passphrase *p, struct signer_files *out,
                        struct err *e)
{
    BIO *bio = open_bytes(b);

    if (!bio)
        return err_nomem(e);
    out->key = PEM_read_bio_PrivateKey(bio, NULL, passphrase_for_pem, p);
    BIO_free(bio);
    if (out->key)
        return 0;
    if (p->err.kind != ERR_NONE) {
        *e = p->err;
        return -1;
    }
    return err_set(e, p->asked ? ERR_ACCESS : ERR_USAGE, 0, "%s: %s (%s)",
                   path, p->asked ? "the passphrase does not open the key"
                   : "holds no private key that can be read",
                   openssl_error());
}

static bool is_self_signed(X509 *x)
{
    return X509_NAME_cmp(X509_get_subject_name(x), X509_get_issuer_name(x))
        == 0;
}

/* The certificate that fits the key, and the others that are no roots: who
 * verifies names those himself. */
static int take_cert(struct signer_files *out, X509 *x, struct err *e)
{
    if (!out->cert && X509_check_private_key(x, out->key) == 1) {
        out->cert = x;
        return 0;
    }
    if (is_self_signed(x)) {
        X509_free(x);
        return 0;
    }
    if (sk_X509_num(out->others) >= CERTS_MAX
        || !sk_X509_push(out->others, x)) {
        X509_free(x);
        return err_set(e, ERR_USAGE, 0, "holds more than %d certificates",
                       CERTS_MAX);
    }
    return 0;
}

static int read_certs(const char *path, struct signer_files *out,
                      struct err *e)
{
    autobytes struct bytes b = { NULL, 0 };
    BIO *bio;
    X509 *x;
    int r = 0;

    if (slurp(path, &b, e) < 0)
        return -1;
    bio = open_bytes(&b);
    if (!bio)
        return err_nomem(e);
    while (r == 0 && (x = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
        r = take_cert(out, x, e);
    BIO_free(bio);
    openssl_error(); /* at the end there is always one */
    return r < 0 ? err_in(e, "%s", path) : 0;
}

/* ------------------------------------------------------------- PKCS#12 */

/* A file without a passphrase has one of no letters, or none at all. */
static const char *p12_passphrase(PKCS12 *p12, struct passphrase *p)
{
    if (PKCS12_verify_mac(p12, "", 0) || PKCS12_verify_mac(p12, NULL, 0))
        return "";
    openssl_error();
    return passphrase_get(p);
}

static int take_p12_certs(STACK_OF(X509) *more, struct signer_files *out,
                          struct err *e)
{
    X509 *x;
    int r = 0;

    while (r == 0 && (x = sk_X509_shift(more)))
        r = take_cert(out, x, e);
    return r;
}

static int parse_p12(const char *path, PKCS12 *p12, struct passphrase *p,
                     struct signer_files *out, struct err *e)
{
    const char *pass = p12_passphrase(p12, p);
    STACK_OF(X509) *more = NULL;
    X509 *cert = NULL;
    int r;

    if (!pass) {
        *e = p->err;
        return -1;
    }
    if (!PKCS12_parse(p12, pass, &out->key, &cert, &more) || !out->key)
        return err_set(e, p->asked ? ERR_ACCESS : ERR_USAGE, 0, "%s: the "
                       "passphrase does not open it, or this OpenSSL does "
                       "not know how it is encrypted, or it has no key (%s)",
                       path, openssl_error());
    r = cert ? take_cert(out, cert, e) : 0;
    if (r == 0)
        r = take_p12_certs(more, out, e);
    sk_X509_pop_free(more, X509_free);
    return r;
}

/* Not PEM: PKCS#12, which is DER. */
static int read_p12(const char *path, const struct bytes *b,
                    struct passphrase *p, struct signer_files *out,
                    struct err *e)
{
    const unsigned char *at = (const unsigned char *)b->s;
    PKCS12 *p12 = d2i_PKCS12(NULL, &at, (long)b->n);
    int r;

    if (!p12)
        return err_set(e, ERR_USAGE, 0, "%s is neither PEM nor PKCS#12 (%s)",
                       path, openssl_error());
    r = parse_p12(path, p12, p, out, e);
    PKCS12_free(p12);
    return r;
}

/* ---------------------------------------------------------------- both */

static int read_key(const char *path, struct passphrase *p,
                    struct signer_files *out, struct err *e)
{
    autobytes struct bytes b = { NULL, 0 };

    if (slurp(path, &b, e) < 0)
        return -1;
    return strstr(b.s, "-----BEGIN ") ? read_pem_key(path, &b, p, out, e)
                                      : read_p12(path, &b, p, out, e);
}

int signer_read_files(const struct signer_options *o, struct passphrase *p,
                      struct signer_files *out, struct err *e)
{
    memset(out, 0, sizeof(*out));
    out->others = sk_X509_new_null();
    if (!out->others)
        return err_nomem(e);
    if (read_key(o->key, p, out, e) < 0
        || (o->cert && read_certs(o->cert, out, e) < 0))
        return -1;
    if (out->cert)
        return 0;
    if (o->cert)
        return err_set(e, ERR_USAGE, 0, "%s has no certificate of the key %s",
                       o->cert, o->key);
    return err_set(e, ERR_USAGE, 0, "%s has no certificate: name one with "
                   "--cert", o->key);
}

void signer_free_files(struct signer_files *f)
{
    EVP_PKEY_free(f->key);
    X509_free(f->cert);
    sk_X509_pop_free(f->others, X509_free);
    memset(f, 0, sizeof(*f));
}
