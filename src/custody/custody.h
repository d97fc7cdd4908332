/* SPDX-License-Identifier: Apache-2.0 */
/* The custody log of a set, PREFIX.custody.jsonl: what became of the evidence
 * after it was acquired.  The acquisition log is closed by then, so this is a
 * log of its own in the same form (audit/log.h), whose first line binds the
 * head of the acquisition log and the manifest (doc/custody-format.md).
 *
 * An entry is a line; behind it may stand its signature and the time stamps of
 * that, each a line, too: so all of it is one file, and the chain of an entry
 * that somebody has signed goes for every line before it.
 *
 * Nothing in the file is trusted.  Whose signature it is and whether that is
 * good is asked in custody/proof.h. */
#ifndef EBSIMG_CUSTODY_CUSTODY_H
#define EBSIMG_CUSTODY_CUSTODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "audit/beside.h"
#include "audit/logcheck.h"
#include "audit/manifest.h"
#include "base/err.h"
#include "base/text.h"

/* Bytes; some thousand signed entries. */
#define CUSTODY_LIMIT (16u * 1024 * 1024)

/* Time stamps that one signature can have. */
#define CUSTODY_STAMPS_MAX 16

/* What happened; in the order of custody_words. */
enum custody_kind {
    CUSTODY_TRANSFER, CUSTODY_STORAGE, CUSTODY_COPY, CUSTODY_VERIFICATION,
    CUSTODY_KINDS,
};

extern const char *const custody_words[]; /* ended by NULL */

/* One line of the file. */
struct custody_line {
    cJSON *event;
    size_t begin, end;        /* of its bytes in struct custody, the newline
                               * included */
};

/* Lines are counted from 1, and 0 is none. */
struct custody_entry {
    enum custody_kind kind;
    size_t line;
    bool to_sign;             /* it says that a signature was to follow */
    uint64_t stamps_wanted;
    size_t signature;         /* the line of it */
    size_t stamp, nstamps;    /* the first one's, and how many */
};

struct custody {
    struct text bytes;        /* of the file, with the line ends that it was
                               * written with */
    struct logcheck check;    /* of its chain */
    struct custody_line *lines;
    size_t nlines;
    struct custody_entry *entries;
    size_t nentries;
    /* The first line: */
    char snapshot[72];
    uint64_t log_events;
    unsigned char log_head[LOG_HASH];
    bool manifest_known;
    unsigned char manifest_sha256[MANIFEST_HASH];
};

/* Its path in any case; by its usual name when it is not there.  The caller
 * frees it; NULL: no memory. */
char *custody_path(const struct beside *set);

/* All of it.  ERR_VERIFY names the file and the line that is none: then *out
 * holds what stands before that.  custody_free() in every case. */
int custody_read(const char *path, struct custody *out, struct err *e);
void custody_free(struct custody *c);

/* A member of a line, or NULL. */
const char *custody_text(const struct custody *c, size_t line,
                         const char *key);

/* The bytes of a line as they are signed. */
const char *custody_bytes(const struct custody *c, size_t line, size_t *n);

/* ERR_VERIFY when it is of another acquisition than this record. */
struct run_record;
int custody_check_origin(const struct custody *c, const struct run_record *r,
                         struct err *e);

#endif
