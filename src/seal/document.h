/* SPDX-License-Identifier: Apache-2.0 */
/* The seal of a run, PREFIX.seal: the small document that is signed.  It binds
 * the head of the log, the root over the digests of all blocks and the SHA-256
 * of every file of the run (doc/seal-format.md).
 *
 * Its file lines are those of a checksum file and all else is a comment, so
 * `sha256sum -c PREFIX.seal' checks the files.  There is one way to write what
 * it says: a document that reads as another one is refused. */
#ifndef EBSIMG_SEAL_DOCUMENT_H
#define EBSIMG_SEAL_DOCUMENT_H

#include <stddef.h>
#include <stdint.h>

#include "audit/log.h"
#include "audit/manifest.h"
#include "audit/outcome.h"
#include "audit/sums.h"
#include "base/err.h"
#include "base/text.h"

#define SEAL_VERSION_MAX 48
#define SEAL_STAMPS_MAX 16

struct seal_document {
    char snapshot[72];
    enum outcome verdict;
    uint64_t log_events;
    unsigned char log_head[LOG_HASH];
    unsigned char root[MANIFEST_HASH];
    uint64_t sealed;             /* wall ns, whole seconds */
    char version[SEAL_VERSION_MAX]; /* of the program that sealed */
    uint64_t stamps_wanted;      /* time stamps that were asked for */
    struct sums_file *files;     /* SHA-256; in the order of the document */
    size_t nfiles;
};

/* What it is in bytes; a failure is in *t. */
void seal_document_write(const struct seal_document *d, struct text *t);

/* ERR_VERIFY names the line that is none; nothing in `bytes' is trusted.  Free
 * it in either case. */
int seal_document_read(const char *bytes, size_t n,
                       struct seal_document *out, struct err *e);

/* Adds a file; the name is copied. */
int seal_document_add(struct seal_document *d, const char *name,
                      const unsigned char *sha256, struct err *e);

/* What stands behind PREFIX in one of its names, from the point on, by the
 * PREFIX that the log had when it was sealed; NULL: it begins with another
 * one, or no log was sealed. */
const char *seal_document_tail(const struct seal_document *d,
                               const char *name);

/* ERR_VERIFY says in what they differ; when, with what and with how many time
 * stamps they were sealed does not count, nor what the set was called. */
int seal_document_compare(const struct seal_document *sealed,
                          const struct seal_document *now, struct err *e);

void seal_document_free(struct seal_document *d);

#endif
