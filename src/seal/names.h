/* What the files of a seal are called: PREFIX.seal is the document,
 * PREFIX.seal-1.p7s its first signature, PREFIX.seal-1-1.tst that one's first
 * time stamp.  None of them is ever changed: what is added later is a new
 * file. */
#ifndef EBSIMG_SEAL_NAMES_H
#define EBSIMG_SEAL_NAMES_H

#include <stddef.h>

#include "base/err.h"

/* More than anybody needs; verify tells what lies behind the last. */
#define SEAL_SIGNATURES_MAX 16

/* The caller frees them; NULL: no memory. */
char *seal_path(const char *prefix);
char *seal_signature_path(const char *prefix, unsigned i);
char *seal_stamp_path(const char *prefix, unsigned i, unsigned k);

/* How many there are, counted from 1 without a gap. */
unsigned seal_signatures(const char *prefix);
unsigned seal_stamps(const char *prefix, unsigned i);

/* A new file under a name that nobody has, whole and on the disk or not there
 * at all; ERR_DEST. */
int seal_put(const char *path, const void *bytes, size_t n, struct err *e);

#endif
