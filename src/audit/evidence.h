/* SPDX-License-Identifier: Apache-2.0 */
/* Finds what belongs to one piece of evidence, given a PREFIX or an image
 * file, and what its log says about it. */
#ifndef EBSIMG_AUDIT_EVIDENCE_H
#define EBSIMG_AUDIT_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/artefacts.h"
#include "audit/beside.h"
#include "audit/hash.h"
#include "audit/manifest.h"
#include "audit/run-record.h"
#include "base/err.h"

struct evidence {
    char *prefix;
    /* First file of each image, then NULL. */
    char *images[ARTEFACT_IMAGES_MAX + 1];
    char *log_path;           /* NULL when there is none */
    char *manifest_path;      /* NULL when there is none */
    char *summary_path;       /* NULL when there is none */
    char *sums_paths[HASH_KINDS]; /* checksum files, NULL when not there */
    bool surplus;             /* more images than one run can make */
    struct run_record log;    /* by evidence_read_log() */
    struct beside beside;     /* the files that begin with the prefix */
    char *base;               /* what the papers call the prefix, when the
                               * log does not tell */
};

/* `name' is an image file, or a prefix with images behind it.  With an image
 * file only that image is taken; with a prefix there may be a log without an
 * image.  What stands behind the prefix is found in any case.  ERR_USAGE when
 * there is nothing of that name, or two things. */
int evidence_find(const char *name, struct evidence *out, struct err *e);

/* What the record calls the prefix of this evidence, without folder: another
 * name than it has when the set was renamed.  After evidence_read_log(). */
const char *evidence_base(const struct evidence *ev);
bool evidence_is_renamed(const struct evidence *ev);

/* The path of the file that the record calls so, under the name that the set
 * has now, in whatever case; also of one that is not there.  NULL when there
 * is no memory. */
char *evidence_path(const struct evidence *ev, const char *recorded);

/* What the log has of the file that is called so now, or NULL. */
const struct run_file *evidence_file(const struct evidence *ev,
                                     const char *now);

/* The first file of its image; of two that which is read fastest.  NULL when
 * there are only papers: ERR_USAGE says what is missing. */
const char *evidence_image(const struct evidence *ev, struct err *e);

/* Its manifest, from the first row, when it is of blocks as EBS has them;
 * else NULL and ERR_VERIFY. */
struct manifest_reader *evidence_rows(const struct evidence *ev,
                                      struct manifest_header *h,
                                      struct err *e);

/* Reads and checks the log, when there is one; ERR_VERIFY when its chain is
 * broken.  Line ends that were changed on the way do not break it. */
int evidence_read_log(struct evidence *ev, struct err *e);

/* Does the log, which has been read, hold what an honest one holds?
 * ERR_VERIFY names the first line that does not.  Without a log all of it is
 * right. */
int evidence_check_log(struct evidence *ev, struct err *e);

/* Is the manifest with this SHA-256 the one that the log names, which has been
 * read?  NULL: is it right that there is none?  ERR_VERIFY; without a log all
 * of it is right. */
int evidence_check_manifest(const struct evidence *ev,
                            const unsigned char *sha256, struct err *e);

void evidence_free(struct evidence *ev);

#endif
