/* SPDX-License-Identifier: Apache-2.0 */
/* A chain as one thing: its case log and all images that it has, verified and
 * described together; and any number of things one after the other. */
#ifndef EBSIMG_CASE_CASE_VERIFY_H
#define EBSIMG_CASE_CASE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/text.h"
#include "verify/verification.h"

/* The path of the case log of the chain of this name, when that is what is
 * meant: no image and no log of that prefix lies beside it.  NULL: it is
 * not (or there was no memory, ERR_INTERNAL). */
char *case_log_of(const char *name, struct err *e);

/* Each of them, an image, a prefix or a chain: the worst exit status of all
 * (7 before any other failure, that before a reserve), or -1.  Of several,
 * one that cannot be verified is told and does not keep the others. */
int case_verify_all(const struct verify_options *opt, char **names, size_t n,
                    struct err *e);

/* What was found out, to standard output. */
int case_print(const struct text *t, struct err *e);

/* Of two exit statuses. */
int case_worse(int a, int b);

/* The chain of this case log: the exit status, or -1; what is to be shown goes
 * behind what is in `out'. */
int case_verify(const struct verify_options *opt, const char *name,
                const char *log_path, struct text *out, struct err *e);

/* What the case log says, and what each image is, behind what is in `out'. */
int case_describe(const char *name, const char *log_path, bool json,
                  struct text *out, struct err *e);

#endif
