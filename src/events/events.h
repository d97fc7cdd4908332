/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg events': the entries of logs in one snapshot or image, or in two,
 * from their files and from what is left of them in blocks.
 *
 *   event.h     what an entry is, and who finds it in some bytes
 *   decoding.h  in which process that is done
 *   logfiles.h  the files          carve.h   the blocks
 *   store.h     each entry once    judge.h   what that says
 *   show.h      how it is told     limits.h  what was not looked into */
#ifndef EBSIMG_EVENTS_EVENTS_H
#define EBSIMG_EVENTS_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/notes.h"
#include "compare/diff.h"
#include "events/decoding.h"
#include "events/store.h"
#include "fetch/service.h"
#include "files/files.h"
#include "files/session.h"
#include "volume/read.h"

struct events_options {
    struct service_options service;
    const char *from, *to;     /* ISO 8601; NULL: no bound */
    const char *zone;          /* of local times: "+01:00" */
    bool only_new, only_gone, full, no_carving;
    bool json, csv, bodyfile;
    const char *access;        /* prefix of the access logs */
    const char *partition;
    uint64_t memory;           /* bytes for entries */
    int progress;
    /* Made of these; `zone_minutes' is taken off local times when they are
     * found: */
    int64_t from_us, to_us;    /* entries before `to_us' */
    int zone_minutes;
};

/* Log files whose name says what they were rotated from, and that were not
 * read: an entry of that log may be in one. */
struct events_gap {
    const char *path;          /* the store's */
};
#define EVENTS_GAPS 500u

struct events_side {
    struct volume *volume;     /* one of the comparison's */
    struct volume_reader *reader;
    char *access;              /* path of its log; NULL: none */
    struct session session;    /* reads its file systems */
    struct files_totals sum;
    const char *zone;          /* what /etc says; NULL: nothing */
    uint64_t wanted;           /* bytes of files that may be logs */
    uint64_t logs, log_bytes;  /* files that were read as logs */
    uint64_t unknown;          /* in places of logs, of no known kind */
    uint64_t deleted;          /* names of logs that are free again */
    uint64_t untimed;          /* shell histories without times */
    bool failed;               /* the walk came to no end ... */
    struct err why;            /* ... for this reason */
    struct events_gap gaps[EVENTS_GAPS];
    size_t gap_count;
    bool is_blind;             /* there are more */
    uint64_t lost;             /* blocks that could not be read */
    uint64_t uncarved;         /* pieces over which a decoder ended ... */
    char how[200];             /* ... the last of them like this */
};

struct events {
    const struct events_options *opt;
    struct diff_options diff_opt;
    struct diff diff;          /* the sides, and the list of changes */
    unsigned nsides;
    struct events_side sides[2];
    struct blockset *core;     /* the blocks that are carved */
    struct decoding decoding;
    struct store store;
    struct notes notes;        /* what decoders and readers say */
    uint64_t notes_dropped;
    _Atomic unsigned strikes;  /* blocks lost one after another */
    uint64_t carved;           /* bytes of blocks, of each side */
    uint64_t told;             /* entries in the result */
    uint64_t outside;          /* entries before --from or behind --to */
};

/* All of it: the exit status, or -1.  `n' is 1 or 2. */
int events_run(const struct events_options *opt, char **names, int n,
               struct err *e);

/* An entry for the store, unless it is surely outside of the time that is
 * asked for. */
int events_add(struct events *s, unsigned side, const struct event *v,
               const char *path, uint64_t at, struct err *e);

/* A sentence about a side, for the end: hostile text. */
int events_note(struct events *s, unsigned side, const char *path,
                const char *text, struct err *e);

char events_letter(unsigned side);

/* ------------------------------------------------------------------ sides */

/* Before keys are read: the processes that read file systems and logs. */
int events_start(struct events *s, struct err *e);
/* Opens them and asks for the lists. */
int events_open(struct events *s, char **names, struct err *e);
/* -1 when an access log could not be written to its end. */
int events_close(struct events *s, struct err *e);

/* `n' bytes at `offset', all of them: past the end, and where a block is
 * lost, zeros. */
int events_read(struct events *s, unsigned side, uint64_t offset,
                unsigned char *to, size_t n, struct err *e);

#endif
