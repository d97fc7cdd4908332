/* SPDX-License-Identifier: Apache-2.0 */
/* What the case log of a chain says of an image that lies beside it: the log
 * and the manifest that it had when it was made.  A set of files that agree
 * with each other may have been made by anybody; this one was not. */
#ifndef EBSIMG_AUDIT_VOUCHER_H
#define EBSIMG_AUDIT_VOUCHER_H

#include <stdbool.h>

#include "audit/log.h"
#include "audit/manifest.h"
#include "base/err.h"

struct voucher {
    char *path;                 /* of the case log; NULL: there is none */
    bool known;                 /* it knows an image of this name: */
    unsigned char head[LOG_HASH];
    unsigned char manifest[MANIFEST_HASH], root[MANIFEST_HASH];
};

/* Looks for the case log of the chain that an image of this prefix is of by
 * its name, CASE-SNAPSHOT, and reads it.  Nothing is known when there is none;
 * ERR_VERIFY when its chain is broken (part of a line at the end is none: a
 * run is at work, or died).  Free it in either case. */
int voucher_find(const char *prefix, struct voucher *out, struct err *e);
/* The same of this case log and snapshot, whatever the image is called. */
int voucher_read(const char *path, const char *snapshot, struct voucher *out,
                 struct err *e);
void voucher_free(struct voucher *v);

/* ERR_VERIFY says what is another one than the case log says; a digest that
 * is NULL is not compared.  0 when nothing is known. */
int voucher_check(const struct voucher *v, const unsigned char *head,
                  const unsigned char *manifest, const unsigned char *root,
                  struct err *e);

/* All of it for the image of this prefix: its log and its manifest are read.
 * 0 when nothing vouches for it. */
int voucher_check_image(const char *prefix, struct err *e);

#endif
