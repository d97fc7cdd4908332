/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a run: PREFIX and one of these suffixes.  Everything that asks
 * what a file is, when it is made, who hashes it and what becomes of it when
 * a run is gone on with, asks here: a new paper is one row of artefacts.c (and
 * a line of doc/files.md, which a test compares).
 *
 * What a run keeps in its folder for itself alone, and never gives a final
 * name, is in audit/stage.h.  Pure. */
#ifndef EBSIMG_AUDIT_ARTEFACTS_H
#define EBSIMG_AUDIT_ARTEFACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/hash.h"

#define E01_SUFFIX ".E01"
#define RAW_SUFFIX ".dd"
#define PIECE_SUFFIX ".001"       /* the first of a raw image in pieces */
#define MANIFEST_SUFFIX ".blocks"
#define LOG_SUFFIX ".log.jsonl"
#define SUMMARY_SUFFIX ".txt"
#define SEAL_SUFFIX ".seal"
#define SIGNATURE_SUFFIX ".p7s"   /* PREFIX.seal-1.p7s, see seal/names.h */
#define STAMP_SUFFIX ".tst"       /* PREFIX.seal-1-1.tst */
#define CUSTODY_SUFFIX ".custody.jsonl"
#define CASE_SUFFIX ".case.jsonl" /* of a chain, beside those of its images */
#define CASE_SUMS_SUFFIX ".case.sha256"

/* The words of --format. */
#define E01_WORD "e01"
#define RAW_WORD "raw"

enum artefact_role {
    ARTEFACT_IMAGE,    /* the evidence; all others are the record of it */
    ARTEFACT_MANIFEST,
    ARTEFACT_LOG,
    ARTEFACT_SUMMARY,
    ARTEFACT_SUMS,
    ARTEFACT_SEAL,     /* made when all others have their names */
    ARTEFACT_CUSTODY,  /* grows as long as the evidence is kept */
    ARTEFACT_CASE,     /* of several runs, and not a file of any of them */
};

enum artefact_made {
    MADE_WITH_BLOCKS,  /* the log names it; a run that is gone on with keeps
                        * what of it is proved */
    MADE_ALL_ALONG,    /* from the first moment to the last: a log.  It gets
                        * its final name last, and is never thrown away */
    MADE_OF_LOG,       /* when the log is closed: a run that is gone on with
                        * throws it away and makes it anew */
    MADE_AFTERWARDS,   /* of a run that is finished, beside it */
};

enum artefact_hashed {
    HASHED_NOT,        /* no checksum file names it */
    HASHED_AS_STREAM,  /* while it passes: the file is the volume */
    HASHED_AS_IMAGE,   /* --file-hash */
    HASHED_AS_PAPER,   /* in every checksum file that there is */
};

struct artefact {
    enum artefact_role role;
    const char *suffix;              /* of the first, when it is in pieces */
    /* What follows the last point of the name of a piece, the first one
     * included; NULL: it is in one file. */
    bool (*is_piece)(const char *tail);
    const char *format;              /* of an image: the word of --format */
    bool is_volume;                  /* its bytes, one piece behind the
                                      * other, are those of the volume */
    enum artefact_made made;
    enum artefact_hashed hashed;
};

/* No more rows than this are of images. */
#define ARTEFACT_IMAGES_MAX 7

/* The i-th row, in the order in which images are looked for; NULL behind the
 * last. */
const struct artefact *artefact_row(size_t i);

/* The i-th row of an image, of those. */
const struct artefact *artefact_image(size_t i);

/* Which of them a file is, by the end of its name; NULL: none. */
const struct artefact *artefact_of(const char *name);

/* The same of all that follows PREFIX: no other point stands before the
 * suffix, and a case log is none of a run's. */
const struct artefact *artefact_of_run(const char *tail);

/* All that follows PREFIX is a segment of an E01 behind the 99th: a name that
 * files of other kinds have, too (".JPG"), and that only a large volume or
 * small segments come to. */
bool artefact_is_late_segment(const char *tail);

/* The file of that name is ... */
bool artefact_is(const char *name, enum artefact_role role);
bool artefact_is_stream(const char *name); /* HASHED_AS_STREAM */
/* ... MADE_OF_LOG; `tail' is all that follows PREFIX. */
bool artefact_is_remade(const char *tail);

/* ".md5", ... */
const char *artefact_sums_suffix(enum hash_kind kind);

#endif
