/* SPDX-License-Identifier: Apache-2.0 */
/* One verification on its way: what the files of this folder share. */
#ifndef EBSIMG_VERIFY_VERIFICATION_H
#define EBSIMG_VERIFY_VERIFICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/evidence.h"
#include "audit/hash-file.h"
#include "audit/hash.h"
#include "audit/manifest.h"
#include "base/names.h"
#include "custody/custody.h"
#include "image/ewf.h"
#include "show/progress.h"
#include "show/stats.h"
#include "verify/findings.h"

struct verify_options {
    uint64_t threads, memory;  /* 0: by the machine */
    const char *head;          /* of the log, in hex, as it was kept */
    const char *image;         /* of papers without one (verify_is_elsewhere()):
                                * the file that is held against them */
    const char *trust;         /* PEM: whom to trust with a seal; NULL */
    struct text *sentence;     /* gets the verdict in words, too; or NULL */
    int progress;
    bool json, quiet, verbose, stats;
};

/* A file that must have the size and the digest that were recorded. */
struct file_check {
    char *name;             /* without folder */
    char *path;
    const struct artefact *is; /* by its recorded name; NULL: none */
    uint64_t size;          /* UINT64_MAX: not recorded */
    struct hashes hashes;
};

struct verification {
    const struct verify_options *opt;
    bool papers_only;       /* what is in images is not read: papers.h */
    struct evidence ev;
    struct findings found;  /* what the papers say, and the verdict */
    struct hash_watch reading; /* verify_read_files() */
    struct findings files;  /* what verify_read_files() found */
    const struct file_check *good_first, *good_last; /* pieces of an image */
    size_t good;            /* of these, told in one line */
    struct findings images; /* what verify_read_images() found */
    struct file_check *checks;
    size_t nchecks;
    struct names by_log, by_sums; /* checks, by path */
    char head[2 * LOG_HASH + 1]; /* of the log; "" when it is not sound */
    bool head_compared;     /* it is the one that was given */
    bool in_case_log;       /* a case log has it for this image */
    bool has_seal;          /* one that can be read */
    char *sealed_by;        /* see struct verify_verdict */
    struct hashes sealed;   /* of the raw image in one file, as it was
                             * sealed */
    bool log_sound;         /* there is one, and nothing speaks against it */
    bool unfinished;        /* it says that the run made no image */
    bool apart;             /* some of it has another name than the rest */
    bool renamed, recased;  /* the set has another name than it had, or one
                             * in another case */
    bool summary_told;      /* what is to be said of PREFIX.txt */
    bool rows;              /* the manifest can be compared with images */
    bool rows_proved;       /* and it is the one that the log names */
    uint64_t unreadable;    /* blocks that are zeros for that */
    bool beside_alone;      /* one that neither the log nor a manifest has:
                             * only checksum files and the seal */
    unsigned alone;         /* images that nothing was there to compare with */
    /* What the checksum files say and no log does: */
    struct hashes stream;   /* of the raw stream */
    struct hashes whole;    /* of the raw image in one file */
    /* Of the image that is being read: */
    const char *image;
    bool compared;          /* there was something to compare it with */
    bool vouched;           /* its blocks are those of a manifest that the log
                             * names */
    struct custody custody; /* as far as it is good; no lines: none */
    struct progress progress;
    uint64_t damaged;       /* bytes that could not be read */
    struct stats then;      /* about a second ago */
    struct stats stats;
};

/* All of it: the exit status, or -1.  What is to be shown goes behind what is
 * in `out'; nothing when it fails. */
int verify_run(const struct verify_options *opt, const char *name,
               struct text *out, struct err *e);

#define VERIFY_ELSEWHERE "its image went to standard output when it was " \
    "acquired, and is not beside its papers"

/* What is called so has papers of an image that went to standard output, and no
 * image beside them.  False also when that cannot be found out. */
bool verify_is_elsewhere(const char *name);

/* adopt.c: what was renamed without the rest: a log, before it is read; and the
 * other files, after it. */
void verify_find_log(struct verification *v);
void verify_find_others(struct verification *v);

/* log.c: the log, its chain, its rules, its head, and how the run ended
 * as it says. */
void verify_read_log(struct verification *v);

/* summary.c: PREFIX.txt against what the log makes; after the log. */
int verify_read_summary(struct verification *v, struct err *e);

/* manifest.c: the manifest against the log; after the log. */
int verify_read_manifest(struct verification *v, struct err *e);
/* From its first row; NULL when there is none that can be compared. */
struct manifest_reader *verify_open_rows(const struct verification *v,
                                         struct manifest_header *h,
                                         struct err *e);

/* names.c: what the set is called now, and what its record calls it.  Without
 * a log its checksum files tell that. */
struct sums;
int verify_learn_base(struct verification *v, const struct sums *s,
                      struct err *e);
void verify_tell_names(struct verification *v);

/* line-ends.c: what differs in line ends alone was not changed. */
void verify_tell_line_ends(struct findings *f, const char *name);
/* The file is a paper, and as it was recorded once they are undone; tells
 * it then.  Any one thread. */
bool verify_same_but_line_ends(struct verification *v,
                               const struct file_check *f);

/* files.c: what the checksum files say; which files are to be read
 * follows from them and from the log.  -1 when there is no memory. */
int verify_read_sums(struct verification *v, struct err *e);
/* The bytes of these files: v->reading counts them while they are read. */
uint64_t verify_files_bytes(const struct verification *v);
/* These files, on a thread of its own. */
void verify_read_files(struct verification *v);
void verify_free_files(struct verification *v);

/* seal.c: the seal, its signatures and time stamps, and what it says of the
 * record and the files; after the log. */
int verify_read_seal(struct verification *v, struct err *e);

/* custody.c: the custody log, and whom it belongs to; after the log. */
int verify_read_custody(struct verification *v, struct err *e);

/* image.c: what is in the images.  -1 only when the verification
 * cannot go on. */
int verify_read_images(struct verification *v, struct err *e);

/* header.c: the case fields of an E01 against the log. */
void verify_read_header(struct verification *v, const struct image_info *info);

#endif
