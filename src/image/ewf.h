/* EnCase E01 images through libewf: writing as a sink, and what is in a
 * finished set.
 *
 * Written: EnCase 6 layout, digest and hash sections, chunks deflated in
 * worker threads and handed to libewf ready.  Facts about libewf 2014 that
 * rule this: it overwrites existing segments, never syncs, accepts fewer
 * than 2^27 chunks an image, and escapes nothing in case fields.  It writes
 * dates in local time (main sets TZ=UTC before any thread starts) and files
 * for everybody to read (main sets umask 077). */
#ifndef EBSIMG_IMAGE_EWF_H
#define EBSIMG_IMAGE_EWF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "flow/sink.h"
#include "image/deflate.h"

struct ewf_config {
    const char *base;        /* path without ".E01" */
    /* Where to keep what is needed to go on with the image after the run
     * died; NULL: it cannot be gone on with. */
    const char *chunks;
    struct file_watch watch; /* of segments; whole: NULL for nobody */
    uint64_t volume_size;    /* bytes, a multiple of BLOCK_SIZE */
    uint64_t segment_size;   /* bytes; 0: ewf_segment_size() */
    uint32_t chunk_size;     /* bytes; 0: ewf_chunk_size() */
    enum deflate_level level;
    /* Case fields, UTF-8, NULL when not given.  They are cleaned and cut as
     * ewf_text() says: who must keep the full text keeps it elsewhere. */
    const char *case_number;
    const char *evidence_number;
    const char *examiner;
    const char *description;
    const char *notes;
    const char *model;       /* e.g. "EBS snapshot" */
    const char *serial;      /* e.g. the snapshot id */
    const char *software;    /* program version, at most 11 characters kept */
    const char *system;      /* operating system, at most 23 kept */
};

/* 128 KiB up to 2 TiB, 512 KiB above, 1 MiB at exactly 64 TiB. */
uint32_t ewf_chunk_size(uint64_t volume_size);

/* 1500 MiB, which every suite reads; less for a volume that would not fill
 * sixteen of them, a sixteenth of it; or as much more as a very large volume
 * needs to fit into the 14,971 segments that can be named. */
uint64_t ewf_segment_size(uint64_t volume_size, uint32_t chunk_size);

/* Says in words why these sizes do not fit this volume, or 0. */
int ewf_check(const struct ewf_config *c, struct err *e);

/* Refuses when a segment of that name exists.  The volume is marked as a
 * physical disk when its first block shows a partition table. */
struct sink *ewf_sink_new(const struct ewf_config *c, struct err *e);

/* Goes on with the image of a run that ended at `at', after the first
 * at->offset bytes of the volume; what it has beyond is cut off.  The list of
 * unreadable blocks is in libewf's memory alone until the end: tell it those
 * before at->offset again.  ERR_VERIFY when the image is not as it was left. */
struct sink *ewf_sink_resume(const struct ewf_config *c,
                             const struct checkpoint *at, struct err *e);
int ewf_sink_tell_unreadable(struct sink *k, uint64_t offset,
                             struct err *e);

/* A checkpoint of an E01 can only be at a multiple of this. */
uint32_t ewf_checkpoint_unit(uint32_t chunk_size);

/* Unreadable blocks that the image cannot list, because the error section
 * counts sectors in 32 bits (2 TiB). */
uint64_t ewf_sink_unlisted(const struct sink *k);

/* Characters of a case field: older suites break on longer values. */
#define EWF_FIELD_MAX 3000

/* A case field as E01 can hold it: one line, valid UTF-8, no control
 * characters, at most `limit' characters.  NULL when there is no memory; the
 * caller frees it. */
char *ewf_text(const char *s, size_t limit);

/* ---- a finished set */

struct ewf_info {
    uint64_t media_size;
    uint32_t chunk_size;
    uint32_t bytes_per_sector;
    unsigned segments;
    bool physical;
    int compression;          /* as libewf counts: 0 none, 1 fast, 2 best */
    char format[32];          /* "EnCase 6" */
    struct hashes stored;     /* MD5 and SHA-1 as the image records them */
    /* Name and value of every case field that is set.  From the file:
     * escape before showing. */
    struct ewf_field { char *name; char *value; } *fields;
    size_t nfields;
    /* Unreadable ranges recorded in the error section, in sectors. */
    struct ewf_range { uint64_t first, count; } *errors;
    size_t nerrors;
};

/* `first' is the first segment (.E01).  ERR_VERIFY when it is not a whole
 * E01 set, ERR_USAGE when it cannot be read. */
int ewf_info_read(const char *first, struct ewf_info *out, struct err *e);
void ewf_info_free(struct ewf_info *i);

/* The segment files of the set that begins with `first', in order, as a
 * NULL-terminated array of paths.  ERR_VERIFY when one in the middle is
 * missing, or is not the segment that its name says. */
char **ewf_paths(const char *first, struct err *e);
void ewf_paths_free(char **paths);

#endif
