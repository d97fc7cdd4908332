/* SPDX-License-Identifier: Apache-2.0 */
/* One volume and the process that reads its file systems: what that asks for
 * is read, each block proved and logged; what it says is checked and handed
 * on.  One thread. */
#ifndef EBSIMG_FILES_SESSION_H
#define EBSIMG_FILES_SESSION_H

#include "files/sandbox.h"
#include "files/wire.h"
#include "volume/read.h"

/* Who hears of what there is.  All text comes from the disk: hostile. */
struct session_visitor {
    void *ctx;
    /* A part of the volume begins: its files follow when it is read. */
    int (*part)(void *ctx, const struct part_info *i, struct err *e);
    /* A file of the part that came last.  1: its content is wanted, which
     * data() and whole() then bring. */
    int (*entry)(void *ctx, const struct fs_entry *f, struct err *e);
    int (*data)(void *ctx, const void *bytes, size_t n, struct err *e);
    /* `why': it is not whole, or NULL. */
    int (*whole)(void *ctx, const char *why, struct err *e);
    /* Something could not be read and is left out; something is odd. */
    void (*note)(void *ctx, const char *text);
    void (*remark)(void *ctx, const char *text);
    /* Of a job that maps: bytes of the volume of the entry that came last; and
     * those that are no file's.  They are inside of it. */
    int (*extent)(void *ctx, const struct fs_extent *x, struct err *e);
    int (*region)(void *ctx, const struct wire_region *r, struct err *e);
};

#define SESSION_REASONS 32u

struct session {
    struct sandbox sandbox;
    struct wire wire;
    struct volume volume;
    bool opened;
    const struct volume *lender; /* whose volume and reader this is, or NULL */
    struct volume_reader *reader;
    struct part_info part;     /* what is being read */
    struct blockset *lost;     /* blocks that could not be had: they are not
                                * asked for again */
    struct lost_block {
        uint64_t index;
        char why[200];
    } reasons[SESSION_REASONS]; /* of the first ones */
    size_t reason_count;
    _Atomic unsigned strikes;  /* one after the other by the service's fault */
};

/* Nothing yet: session_close() is fine from here on. */
void session_init(struct session *s);
/* Before keys are read: the process, with nothing of them in its memory. */
int session_start(struct session *s, struct err *e);
/* The volume, and what it stores. */
int session_open(struct session *s, const char *name,
                 const struct service_options *o, const char *access,
                 struct err *e);
/* Then its blocks, kept in so many bytes.  Who wants to ask the service
 * anything else does so before: its connections are the reader's from here. */
int session_read_from(struct session *s, uint64_t memory, struct err *e);
/* Or one that is open already: `v' and its reader outlive the session. */
int session_lend(struct session *s, const struct volume *v,
                 struct volume_reader *reader, struct err *e);
/* One walk through all that is there, or below `path' in each file system. */
int session_walk(struct session *s, struct wire_job job, const char *path,
                 const struct session_visitor *v, struct err *e);
/* Bytes of the volume, all of them.  1: these cannot be had, `why' says it, and
 * others may be; -1: no others either. */
int session_read(struct session *s, uint64_t offset, void *to, size_t n,
                 size_t *got, struct err *why);
/* Blocks that the service has sent so far. */
uint64_t session_blocks(const struct session *s);
/* -1 when the access log could not be written, or the process ended badly. */
int session_close(struct session *s, struct err *e);

#endif
