/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/tls.h"

#ifdef HAVE_GNUTLS

#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdint.h>
#include <stdlib.h>

#include "serve/tls-files.h"
#include "show/tell.h"

#define VERSIONS ":-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
#define BY_CERTIFICATE "NORMAL" VERSIONS
#define BY_KEY "NORMAL:-KX-ALL:+ECDHE-PSK:+DHE-PSK" VERSIONS

struct tls {
    gnutls_certificate_credentials_t certificates; /* one of the two */
    gnutls_psk_server_credentials_t keys;
    gnutls_priority_t priority;
};

struct tls_session {
    gnutls_session_t of;
};

static int complain(const char *what, const char *file, int code,
                    struct err *e)
{
    return err_set(e, code == GNUTLS_E_MEMORY_ERROR ? ERR_INTERNAL
                                                    : ERR_USAGE, 0,
                   "%s %s: %s", what, file, gnutls_strerror(code));
}

/* ------------------------------------------------------------ certificates */

static int load_pair(struct tls *t, const struct tls_files *f, struct err *e)
{
    int r = gnutls_certificate_set_x509_key_file(t->certificates, f->cert,
                                                 f->key, GNUTLS_X509_FMT_PEM);

    return r < 0 ? complain("--tls: cannot use the certificate and the key of",
                            f->cert, r, e) : 0;
}

/* No certificate in it would let nobody in; one that is broken, who knows. */
static int load_trust(struct tls *t, const struct tls_files *f, struct err *e)
{
    int r = gnutls_certificate_set_x509_trust_file(t->certificates, f->ca,
                                                   GNUTLS_X509_FMT_PEM);

    if (r <= 0)
        return complain("--tls: cannot use", f->ca,
                        r ? r : GNUTLS_E_NO_CERTIFICATE_FOUND, e);
    if (!f->crl)
        return 0;
    r = gnutls_certificate_set_x509_crl_file(t->certificates, f->crl,
                                             GNUTLS_X509_FMT_PEM);
    return r <= 0 ? complain("--tls: cannot use", f->crl,
                             r ? r : GNUTLS_E_NO_CERTIFICATE_FOUND, e) : 0;
}

static int load_certificates(struct tls *t, const char *folder, struct err *e)
{
    struct tls_files f;
    int r = tls_files_find(&f, folder, e);

    if (r == 0 && gnutls_certificate_allocate_credentials(&t->certificates))
        r = err_nomem(e);
    if (r == 0 && (load_trust(t, &f, e) < 0 || load_pair(t, &f, e) < 0))
        r = -1;
    tls_files_free(&f);
    return r;
}

/* -------------------------------------------------------------------- keys */

static int load_keys(struct tls *t, const char *psk, struct err *e)
{
    int r;

    if (tls_files_check_keys(psk, e) < 0)
        return -1;
    if (gnutls_psk_allocate_server_credentials(&t->keys))
        return err_nomem(e);
    r = gnutls_psk_set_server_credentials_file(t->keys, psk);
    return r < 0 ? complain("--tls-psk: cannot use", psk, r, e) : 0;
}

static int load(struct tls *t, const char *folder, const char *psk,
                struct err *e)
{
    int r = gnutls_priority_init(&t->priority, folder ? BY_CERTIFICATE
                                                      : BY_KEY, NULL);

    if (r < 0)
        return complain("cannot begin", "GnuTLS", r, e);
    return folder ? load_certificates(t, folder, e) : load_keys(t, psk, e);
}

struct tls *tls_open(const char *folder, const char *psk, struct err *e)
{
    struct tls *t = calloc(1, sizeof(*t));

    if (!t)
        err_nomem(e);
    else if (load(t, folder, psk, e) == 0)
        return t;
    tls_free(t);
    return NULL;
}

void tls_free(struct tls *t)
{
    if (!t)
        return;
    if (t->certificates)
        gnutls_certificate_free_credentials(t->certificates);
    if (t->keys)
        gnutls_psk_free_server_credentials(t->keys);
    if (t->priority)
        gnutls_priority_deinit(t->priority);
    free(t);
}

/* ----------------------------------------------------------------- session */

/* A certificate that is none of a client's would be that of another server
 * whose key somebody has.  GnuTLS keeps the addresses, and only reads what is
 * there. */
static unsigned char client_purpose[] = GNUTLS_KP_TLS_WWW_CLIENT;
static gnutls_typed_vdata_st purpose = {
    .type = GNUTLS_DT_KEY_PURPOSE_OID,
    .data = client_purpose,
};

static int want_certificate(const struct tls *t, gnutls_session_t of)
{
    gnutls_certificate_server_set_request(of, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_cert2(of, &purpose, 1, 0);
    return gnutls_credentials_set(of, GNUTLS_CRD_CERTIFICATE,
                                  t->certificates);
}

static int prepare(const struct tls *t, gnutls_session_t of, int fd)
{
    gnutls_transport_set_int(of, fd);
    gnutls_handshake_set_timeout(of, TLS_SECONDS * 1000);
    if (gnutls_priority_set(of, t->priority) < 0)
        return -1;
    return t->keys ? gnutls_credentials_set(of, GNUTLS_CRD_PSK, t->keys)
                   : want_certificate(t, of);
}

static int shake_hands(const struct tls *t, gnutls_session_t of, int fd)
{
    int r = prepare(t, of, fd);

    while (r == 0) {
        r = gnutls_handshake(of);
        if (r == 0)
            return 0;
        r = gnutls_error_is_fatal(r) ? r : 0;
    }
    tell_warning("a client was turned away: %s", gnutls_strerror(r));
    return -1;
}

struct tls_session *tls_begin(const struct tls *t, int fd)
{
    struct tls_session *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    if (gnutls_init(&s->of, GNUTLS_SERVER | GNUTLS_NO_SIGNAL
                    | GNUTLS_NO_TICKETS) == 0) {
        if (shake_hands(t, s->of, fd) == 0)
            return s;
        gnutls_deinit(s->of);
    }
    free(s);
    return NULL;
}

/* A signal is nothing, nor is a message of TLS itself, such as new keys, after
 * which GnuTLS says AGAIN; that nothing came in time is an error. */
ssize_t tls_read(struct tls_session *s, void *buf, size_t n)
{
    ssize_t r;

    do {
        errno = 0;
        r = gnutls_record_recv(s->of, buf, n);
    } while (r == GNUTLS_E_INTERRUPTED
             || (r == GNUTLS_E_AGAIN && errno != EAGAIN));
    errno = EIO;
    return r < 0 ? -1 : r;
}

ssize_t tls_write(struct tls_session *s, const void *buf, size_t n)
{
    ssize_t r;

    do
        r = gnutls_record_send(s->of, buf, n);
    while (r == GNUTLS_E_INTERRUPTED || r == GNUTLS_E_AGAIN);
    errno = EIO;
    return r < 0 ? -1 : r;
}

void tls_end(struct tls_session *s)
{
    if (!s)
        return;
    gnutls_bye(s->of, GNUTLS_SHUT_WR);
    gnutls_deinit(s->of);
    free(s);
}

#else

struct tls *tls_open(const char *folder, const char *psk, struct err *e)
{
    err_set(e, ERR_USAGE, 0, "--%s: this ebsimg was built without GnuTLS",
            folder && !psk ? "tls" : "tls-psk");
    return NULL;
}

void tls_free(struct tls *t)
{
    (void)t;
}

struct tls_session *tls_begin(const struct tls *t, int fd)
{
    (void)t;
    (void)fd;
    return NULL;
}

ssize_t tls_read(struct tls_session *s, void *buf, size_t n)
{
    (void)s;
    (void)buf;
    (void)n;
    return -1;
}

ssize_t tls_write(struct tls_session *s, const void *buf, size_t n)
{
    (void)s;
    (void)buf;
    (void)n;
    return -1;
}

void tls_end(struct tls_session *s)
{
    (void)s;
}

#endif
