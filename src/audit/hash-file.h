/* The digests of whole files. */
#ifndef EBSIMG_AUDIT_HASH_FILE_H
#define EBSIMG_AUDIT_HASH_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/hash.h"
#include "base/err.h"

/* All digests in `kinds' of a file, read once.  Ctrl-C ends it with
 * ERR_INTERRUPTED; a file that cannot be read is ERR_DEST. */
int hash_file(const char *path, unsigned kinds, struct hashes *out,
              struct err *e);

/* The same of one file, or of two side by side (see digest_pairs()); both or
 * none.  It ends with ERR_INTERRUPTED, too, when *stop has become true.  Lets
 * go of the files' pages in memory: nobody is to read them again soon. */
int hash_some_until(const char *const *paths, size_t n, unsigned kinds,
                    const _Atomic bool *stop, struct hashes *const *out,
                    struct err *e);

/* Several files, at most so many at once.  The first failure ends it. */
struct hash_job {
    const char *path;
    unsigned kinds;      /* HASH_BIT()s */
    struct hashes *out;
};
int hash_files(const struct hash_job *jobs, size_t n, unsigned threads,
               struct err *e);

#endif
