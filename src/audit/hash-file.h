/* SPDX-License-Identifier: Apache-2.0 */
/* The digests of whole files. */
#ifndef EBSIMG_AUDIT_HASH_FILE_H
#define EBSIMG_AUDIT_HASH_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/err.h"

/* All digests in `kinds' of a file, read once.  Ctrl-C ends it with
 * ERR_INTERRUPTED; a file that cannot be read, or becomes longer or shorter
 * meanwhile, is ERR_DEST. */
int hash_file(const char *path, unsigned kinds, struct hashes *out,
              struct err *e);

#define HASH_ANY_SIZE UINT64_MAX

struct hash_job {
    const char *path;
    unsigned kinds;      /* HASH_BIT()s */
    uint64_t size;       /* bytes that it must have, or HASH_ANY_SIZE */
    struct hashes *out;
    struct err err;      /* ERR_NONE before; why *out is not filled */
};

/* What other threads see of it and say to it.  Any number of calls at once. */
struct hash_watch {
    _Atomic uint64_t bytes; /* read so far, only ever more */
    _Atomic bool stop;      /* true: it is to end with ERR_INTERRUPTED */
};

/* The same of one file, or of two side by side (see digest_pairs()); one that
 * fails leaves the other alone. */
void hash_some(struct hash_job *jobs, size_t n, struct hash_watch *watch);

/* Several files by at most so many threads, each of which takes two where
 * that is faster and enough of them are left. */
void hash_files(struct hash_job *jobs, size_t n, unsigned threads,
                struct hash_watch *watch);

#endif
