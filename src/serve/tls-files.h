/* SPDX-License-Identifier: Apache-2.0 */
/* The files that a server's TLS is made of, under the names that qemu and
 * nbdkit give them, too. */
#ifndef EBSIMG_SERVE_TLS_FILES_H
#define EBSIMG_SERVE_TLS_FILES_H

#include "base/err.h"

/* Of names with keys, in all. */
#define TLS_KEYS_MAX (1024 * 1024)
/* Bytes of a key at least; psktool makes 32. */
#define TLS_KEY_MIN 16

struct tls_files {
    char *ca;    /* ca-cert.pem: who vouches for clients */
    char *cert;  /* server-cert.pem */
    char *key;   /* server-key.pem */
    char *crl;   /* ca-crl.pem: whom it vouches for no more; may be missing */
};

/* ERR_USAGE names each that is missing, or says that others can read the
 * key.  Free it in every case. */
int tls_files_find(struct tls_files *f, const char *folder, struct err *e);
void tls_files_free(struct tls_files *f);

/* A file of lines NAME:KEY, the key in hexadecimal, as psktool writes them:
 * there is one, all of them are that, and nobody else can read it. */
int tls_files_check_keys(const char *path, struct err *e);

#endif
