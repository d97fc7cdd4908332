/* SPDX-License-Identifier: Apache-2.0 */
/* PREFIX.md5, PREFIX.sha1, PREFIX.sha256: what `sha256sum -c' checks.
 *
 * One line for each file that has such a digest, "HASH  NAME"; the digest of
 * the raw stream is the line of the .dd file where there is a single one, and
 * a comment line ("# raw stream: HASH") wherever there is such a digest, since
 * no file of an E01 has it.  Files that have other digests alone are counted
 * in another comment. */
#ifndef EBSIMG_AUDIT_SUMS_H
#define EBSIMG_AUDIT_SUMS_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/hash.h"
#include "base/err.h"
#include "base/text.h"

struct sums_file {
    char *name;            /* without folder */
    struct hashes hashes;
    size_t line;           /* of the file that was read, 1 is the first */
};

/* Writes one checksum file and syncs it. */
int sums_write(const char *path, enum hash_kind kind,
               const struct hashes *stream, const struct sums_file *files,
               size_t nfiles, struct err *e);

/* The same with a comment of its own, "# TITLE: VALUE", in front. */
int sums_write_headed(const char *path, enum hash_kind kind,
                      const char *title, const char *value,
                      const struct sums_file *files, size_t nfiles,
                      struct err *e);

/* What a checksum file says. */
struct sums {
    struct hashes stream;    /* of the comment line, when there is one */
    struct sums_file *files;
    size_t nfiles;
    size_t lines;            /* of all kinds, as far as it was read */
    bool line_ends;          /* a CR before them, from another system */
};

/* More files than a run can write, with room. */
#define SUMS_FILES_MAX 100000

/* ERR_VERIFY when a line is none of ours, or there are more than
 * SUMS_FILES_MAX; a file of more than 16 MiB is ERR_USAGE, and a signal
 * ERR_INTERRUPTED.  Free it in either case. */
int sums_read(const char *path, enum hash_kind kind, struct sums *out,
              struct err *e);
void sums_free(struct sums *s);

/* One such line, for other papers that `sha256sum -c' is to check. */
void sums_add_line(struct text *t, enum hash_kind kind,
                   const struct sums_file *f);
/* `line', without its newline, is changed; -1 when it is none of ours.
 * f->name is the caller's; NULL: no memory. */
int sums_read_line(char *line, enum hash_kind kind, struct sums_file *f);

/* Names with a newline or backslash are written as coreutils do, with a
 * leading backslash and escapes. */

#endif
