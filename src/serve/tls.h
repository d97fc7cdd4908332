/* SPDX-License-Identifier: Apache-2.0 */
/* TLS, by GnuTLS: who connects has proved who he is, by a certificate or by a
 * key that both sides know, and nobody on the way reads or changes a byte.
 *
 * GnuTLS and not OpenSSL, because one thread of a client reads while another
 * one writes, which OpenSSL does not allow.  A build without it says so when
 * it is asked for TLS. */
#ifndef EBSIMG_SERVE_TLS_H
#define EBSIMG_SERVE_TLS_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct tls;
struct tls_session;

/* Of the files of serve/tls-files.h: certificates in `folder', or the names
 * and keys of `psk'; exactly one of them.  ERR_USAGE: a file is missing, does
 * not fit, or others can read what is secret. */
struct tls *tls_open(const char *folder, const char *psk, struct err *e);
void tls_free(struct tls *t); /* also of NULL; no session is left */

/* For the whole of a handshake. */
#define TLS_SECONDS 30

/* The handshake; NULL: the client cannot, or may not. */
struct tls_session *tls_begin(const struct tls *t, int fd);
/* As recv() and send() on a socket that blocks: any error is -1.  One thread
 * for each. */
ssize_t tls_read(struct tls_session *s, void *buf, size_t n);
ssize_t tls_write(struct tls_session *s, const void *buf, size_t n);
/* Tells the client that this is the end; also of NULL. */
void tls_end(struct tls_session *s);

#endif
