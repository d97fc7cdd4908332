/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/trust.h"

#include <stdbool.h>
#include <stdlib.h>

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"
#include "seal/certificate.h"
#include "seal/openssl-error.h"

#define TRUST_LIMIT (16 * MIB)

/* Of OpenSSL's levels: RSA from 2048 bits on, no SHA-1 in a chain. */
enum { STRENGTH = 2 };

struct trust {
    X509_STORE *store;
};

static unsigned add_all(X509_STORE *store, BIO *bio)
{
    unsigned n = 0;
    X509 *x;

    while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        n += X509_STORE_add_cert(store, x) == 1;
        X509_free(x);
    }
    openssl_error(); /* at the end there is always one */
    return n;
}

/* A certificate that is named is trusted itself, whoever has issued it. */
static int fill(struct trust *t, const char *path, struct err *e)
{
    autotext struct text pem = TEXT_INIT;
    BIO *bio;
    unsigned n;

    if (file_slurp(path, TRUST_LIMIT, &pem, e) < 0)
        return -1;
    t->store = X509_STORE_new();
    bio = BIO_new_mem_buf(pem.s, (int)pem.len);
    if (!t->store || !bio
        || !X509_STORE_set_flags(t->store, X509_V_FLAG_PARTIAL_CHAIN)) {
        BIO_free(bio);
        return err_nomem(e);
    }
    n = add_all(t->store, bio);
    BIO_free(bio);
    if (n == 0)
        return err_set(e, ERR_USAGE, 0, "%s has no certificate in PEM", path);
    return 0;
}

struct trust *trust_open(const char *path, struct err *e)
{
    struct trust *t = calloc(1, sizeof(*t));

    if (!t) {
        err_nomem(e);
        return NULL;
    }
    if (fill(t, path, e) == 0)
        return t;
    trust_close(t);
    return NULL;
}

void trust_close(struct trust *t)
{
    if (!t)
        return;
    X509_STORE_free(t->store);
    free(t);
}

static bool is_in(X509 *x, STACK_OF(X509) *chain)
{
    for (int i = 0; i < sk_X509_num(chain); i++)
        if (X509_cmp(x, sk_X509_value(chain, i)) == 0)
            return true;
    return false;
}

static unsigned count_unused(STACK_OF(X509) *others, STACK_OF(X509) *chain)
{
    unsigned n = 0;

    for (int i = 0; i < sk_X509_num(others); i++)
        n += !is_in(sk_X509_value(others, i), chain);
    return n;
}

static int check(X509_STORE_CTX *c, X509 *x, enum trust_for what,
                 struct err *e)
{
    const char *why;

    if (X509_verify_cert(c) != 1) {
        openssl_error();
        return err_set(e, ERR_VERIFY, 0, "%s",
                       X509_verify_cert_error_string(
                           X509_STORE_CTX_get_error(c)));
    }
    why = what == TRUST_TO_SIGN ? certificate_why_not(x) : NULL;
    if (why)
        return err_set(e, ERR_VERIFY, 0, "it is not for signing: %s", why);
    return 0;
}

int trust_check(const struct trust *t, X509 *x, STACK_OF(X509) *others,
                enum trust_for what, int64_t seconds, unsigned *unused,
                struct err *e)
{
    X509_STORE_CTX *c = X509_STORE_CTX_new();
    X509_VERIFY_PARAM *p;
    int r;

    *unused = 0;
    if (!c || !X509_STORE_CTX_init(c, t->store, x, others)) {
        X509_STORE_CTX_free(c);
        return err_nomem(e);
    }
    p = X509_STORE_CTX_get0_param(c);
    X509_VERIFY_PARAM_set_auth_level(p, STRENGTH);
    X509_VERIFY_PARAM_set_time(p, (time_t)seconds);
    X509_VERIFY_PARAM_set_purpose(p, what == TRUST_TO_STAMP
                                  ? X509_PURPOSE_TIMESTAMP_SIGN
                                  : X509_PURPOSE_ANY);
    r = check(c, x, what, e);
    if (r == 0)
        *unused = count_unused(others, X509_STORE_CTX_get0_chain(c));
    X509_STORE_CTX_free(c);
    return r;
}
