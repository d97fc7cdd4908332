/* SPDX-License-Identifier: Apache-2.0 */
/* AWS Signature Version 4, pure: no clock, no I/O. */
#ifndef EBSIMG_AWS_SIGV4_H
#define EBSIMG_AWS_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct sigv4_header {
    const char *name;  /* any case */
    const char *value;
};

struct sigv4_request {
    const char *method;
    const char *path;     /* as on the wire, percent-encoded */
    const char *query;    /* as on the wire, any order */
    const struct sigv4_header *headers; /* all that are to be signed */
    size_t nheaders;
    const char *payload_sha256; /* hex, or "UNSIGNED-PAYLOAD" */
    bool normalize_path;  /* dot segments and double slashes, and encode the
                           * path once more; not for S3 */
};

struct sigv4_key {
    const char *access_key_id;
    const char *secret_access_key;
    const char *region;
    const char *service;
    const char *time;     /* "20260801T120000Z"; the scope takes its date */
};

/* Each writes one stage into a text that the caller frees; the last is the
 * value of the Authorization header, with the text that it signs in `what'
 * when that is not NULL.  -1 when memory ran out. */
int sigv4_canonical(const struct sigv4_request *r, struct text *out);
int sigv4_string_to_sign(const struct sigv4_request *r,
                         const struct sigv4_key *k, struct text *out);
int sigv4_authorization(const struct sigv4_request *r,
                        const struct sigv4_key *k, struct text *out,
                        struct text *what);

/* The payload_sha256 of a body; `n' may be 0.  -1 when OpenSSL fails. */
int sigv4_sha256_hex(const void *data, size_t n, char hex[65]);

#endif
