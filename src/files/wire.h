/* SPDX-License-Identifier: Apache-2.0 */
/* What the process that owns a volume and the one that reads its file systems
 * say to each other, over a socket.  Neither takes a length, a type or an end
 * of text for granted that the other one has sent.
 *
 * The owner gives a job; the parser answers with messages up to WIRE_END, and
 * between them asks for bytes of the volume.  One thread on each side. */
#ifndef EBSIMG_FILES_WIRE_H
#define EBSIMG_FILES_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "fs/fs.h"

enum wire_kind {
    /* The owner: */
    WIRE_JOB = 1,   /* struct wire_job, path */
    WIRE_BYTES,     /* what was asked for */
    WIRE_LOST,      /* or why not, as text */
    WIRE_ANSWER,    /* a byte: is the content of the entry wanted? */
    /* The parser: */
    WIRE_READ,      /* struct wire_read */
    WIRE_TRY,       /* struct part_info: what is tried to be read now */
    WIRE_PART,      /* the same: whether it can be */
    WIRE_ENTRY,     /* struct wire_entry, path, target */
    WIRE_DATA,      /* bytes of a content, from its beginning */
    WIRE_DATA_END,  /* why there is no more, as text; "": it is whole */
    WIRE_NOTE,      /* a sentence: of what is left out, */
    WIRE_REMARK,    /* and of what is odd */
    WIRE_END,       /* struct wire_end */
    WIRE_EXTENT,    /* struct fs_extent, of the entry before; its offset is
                     * in the volume */
    WIRE_REGION,    /* struct wire_region */
};

#define WIRE_MAX (1u << 20)          /* bytes of one message */
#define WIRE_READ_MAX (WIRE_MAX / 2) /* that are asked for at once */

struct wire_job {
    uint64_t size;             /* of the volume */
    unsigned partition;        /* only this one; 0: all */
    bool whole;                /* `partition' counts: 0 is the volume itself */
    bool ask;                  /* each entry is answered */
    bool map;                  /* whose the bytes are is told */
};

/* Bytes of the volume that are no file's. */
struct wire_region {
    uint64_t offset, size;
    uint32_t use;              /* enum fs_use, or: */
};
#define WIRE_USE_UNKNOWN FS_USES /* nobody knows what it is */

struct wire_read {
    uint64_t offset, size;
};

struct wire_entry {
    struct fs_entry entry;     /* without its texts */
    uint32_t path_size, target_size; /* with their ends; 0: none */
};

/* A part of the volume that may hold a file system. */
struct part_info {
    unsigned number;           /* of the partition; 0: the volume itself */
    uint64_t offset, size;     /* bytes of the volume */
    char type[40], label[120]; /* of the partition */
    char volume[160];          /* logical volume in it, or "" */
    char kind[32];             /* of file system; "": none that is known */
    bool is_read;
    bool is_lost;              /* of no known kind, and files may be in it */
    char why[400];             /* that it is not read */
};

struct wire_end {
    bool failed;
    int kind;                  /* enum err_kind */
    char why[400];
};

struct wire {
    int fd;
    /* NULL, or asked while waiting: -1 ends the wait. */
    int (*check)(struct err *e);
    struct text out;           /* not sent yet */
    struct text in;            /* the message that came last */
};

/* A message of up to two pieces; stays here until wire_flush() or until there
 * is much. */
int wire_put(struct wire *w, enum wire_kind kind, const void *a, size_t na,
             const void *b, size_t nb, struct err *e);
int wire_flush(struct wire *w, struct err *e);

/* Sends what is left and waits for a message, which is in w->in up to the next
 * one.  1, 0 when the other one is gone, -1. */
int wire_get(struct wire *w, enum wire_kind *kind, struct err *e);

void wire_free(struct wire *w); /* closes, too */

#endif
