/* One verification on its way: what verify.c, verify-files.c and
 * verify-image.c share. */
#ifndef EBSIMG_CMD_VERIFICATION_H
#define EBSIMG_CMD_VERIFICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/hash-file.h"
#include "audit/hash.h"
#include "base/names.h"
#include "cmd/evidence.h"
#include "cmd/findings.h"
#include "cmd/progress.h"
#include "cmd/stats.h"

struct verify_options {
    uint64_t threads, memory;  /* 0: by the machine */
    int progress;
    bool json, quiet, verbose, stats;
};

/* A file that must have the size and the digest that were recorded. */
struct file_check {
    char *name;             /* without folder */
    char *path;
    uint64_t size;          /* UINT64_MAX: not recorded */
    struct hashes hashes;
};

struct verification {
    const struct verify_options *opt;
    struct evidence ev;
    struct findings found;  /* what the papers say, and the verdict */
    struct hash_watch reading; /* verify_read_files() */
    struct findings files;  /* what verify_read_files() found */
    struct findings images; /* what verify_read_images() found */
    struct file_check *checks;
    size_t nchecks;
    struct names logged;    /* files of the log, by name */
    struct names by_log, by_sums; /* checks, by path */
    unsigned alone;         /* images that nothing was there to compare with */
    /* What the checksum files say and no log does: */
    struct hashes stream;   /* of the raw stream */
    struct hashes whole;    /* of the raw image in one file */
    /* Of the image that is being read: */
    const char *image;
    bool compared;          /* there was something to compare it with */
    struct progress progress;
    uint64_t damaged;       /* bytes that could not be read */
    struct stats then;      /* about a second ago */
    struct stats stats;
};

/* verify-files.c */

/* The log, its chain, and what the checksum files say; which files are to be
 * read follows from both.  -1 when there is no memory. */
int verify_read_papers(struct verification *v, struct err *e);
/* The bytes of these files: v->reading counts them while they are read. */
uint64_t verify_files_bytes(const struct verification *v);
/* These files, on a thread of its own. */
void verify_read_files(struct verification *v);
void verify_free_files(struct verification *v);
const struct evidence_file *verify_in_log(const struct verification *v,
                                          const char *name);

/* verify-image.c */

/* What is in the images.  -1 only when the verification cannot go on. */
int verify_read_images(struct verification *v, struct err *e);

/* verify.c: -1 when somebody wants an end. */
int verify_interrupted(struct err *e);

#endif
