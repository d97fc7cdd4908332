/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of a seal are called: PREFIX.seal is the document,
 * PREFIX.seal-1.p7s its first signature, PREFIX.seal-1-1.tst that one's first
 * time stamp.  None of them is ever changed: what is added later is a new
 * file. */
#ifndef EBSIMG_SEAL_NAMES_H
#define EBSIMG_SEAL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/beside.h"
#include "base/err.h"

/* More than anybody needs. */
#define SEAL_SIGNATURES_MAX 16

/* Found in any case, as all files of a set are; the usual name when it is not
 * there.  The caller frees them; NULL: no memory. */
char *seal_path(const struct beside *set);
char *seal_signature_path(const struct beside *set, unsigned i);
char *seal_stamp_path(const struct beside *set, unsigned i, unsigned k);

bool seal_has_signature(const struct beside *set, unsigned i);
bool seal_has_stamp(const struct beside *set, unsigned i, unsigned k);

/* The highest number that there is, 0 for none: below it some may have been
 * taken away, and of a signature that was its time stamps may be left. */
unsigned seal_signatures(const struct beside *set);
unsigned seal_stamps(const struct beside *set, unsigned i);

/* A new file under a name that nobody has, whole and on the disk or not there
 * at all; ERR_DEST. */
int seal_put(const char *path, const void *bytes, size_t n, struct err *e);

#endif
