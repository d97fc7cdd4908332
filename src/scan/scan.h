/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg scan': secrets and back doors in the blocks of one snapshot or
 * image, or in what has changed between two.
 *
 *   rules.h    what is looked for     engine.h   how it is found
 *   windows.h  where                  lane.h     the threads that look
 *   allocation.h  what of it, if not all
 *   hits.h     what was found, and what became of it
 *   show.h     how it is told         secrets-file.h  and kept, on request
 *
 * A hit is somebody's secret: it is shown by its first characters and its
 * SHA-256, never tried, and never sent anywhere. */
#ifndef EBSIMG_SCAN_SCAN_H
#define EBSIMG_SCAN_SCAN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/option.h"
#include "compare/diff.h"
#include "fetch/service.h"
#include "scan/allocation.h"
#include "scan/engine.h"
#include "scan/hits.h"
#include "scan/rules.h"
#include "scan/windows.h"
#include "scan/yara.h"
#include "show/progress.h"
#include "volume/read.h"

struct scan_options {
    struct service_options service;
    struct option_list rules;  /* files of the user's own */
    struct option_list yara;   /* and for libyara */
    bool only;                 /* no others */
    bool allocated, unallocated; /* of one: these bytes alone */
    bool full, all, json, csv, exit_code, list_rules;
    const char *secrets;       /* file for whole secrets */
    const char *access;        /* prefix of the access logs */
    int progress;
};

/* The rules that are built in: data/rules. */
struct rules_text {
    const char *name, *text;
    size_t len;
};
extern const struct rules_text rules_builtin[];
extern const size_t rules_builtin_count;

struct scan_side {
    struct volume *volume;     /* one of the comparison's */
    struct volume_reader *reader;
    char *access;              /* path of its log; NULL: none */
    pthread_mutex_t lock;      /* guards: */
    struct blockset *asked;    /* blocks that were needed and stored */
    struct blockset *lost;     /* that could not be read ... */
    struct err why;            /* ... the first of them */
    bool read;                 /* some could */
    uint64_t requests;         /* to the service, at the end */
};

struct scan {
    const struct scan_options *opt;
    struct diff_options diff_opt;
    struct diff diff;          /* the sides, and the list of changes */
    unsigned nsides;
    struct scan_side sides[2];
    struct blockset *core;     /* the blocks that are looked at */
    struct allocation allocation; /* of the one volume */
    struct windows windows;
    struct rules rules;
    unsigned char rules_sha256[32];
    struct engine *engine;     /* NULL: there are no rules for it */
    struct yara *yara;         /* NULL: none of those */
    struct hits hits;          /* while it runs: under hits_lock */
    pthread_mutex_t hits_lock;
    _Atomic uint64_t scanned;  /* bytes, of both sides */
    _Atomic uint64_t equal;    /* blocks that were the same on both sides */
    _Atomic uint64_t unlisted; /* pieces that differ and are not listed */
    _Atomic uint64_t gave_up;  /* places where PCRE2 did */
    uint64_t yara_gave_up;     /* pieces where libyara did */
    _Atomic unsigned strikes;  /* blocks lost one after another */
    uint64_t cpu_ns;           /* of matching, all threads */
    struct progress progress;
};

/* All of it: the exit status, or -1.  `n' is 1 or 2. */
int scan_run(const struct scan_options *opt, char **names, int n,
             struct err *e);

/* Of a hit.  Those of libyara come behind the others. */
const char *scan_rule_id(const struct scan *s, uint32_t rule);
const char *scan_rule_title(const struct scan *s, uint32_t rule);

/* The rules alone, as a list on standard output. */
int scan_list_rules(const struct scan_options *opt, struct err *e);

/* Those built in and those of the user, in *yara those for libyara or NULL,
 * and the SHA-256 of all their text.  The caller frees both, also when it
 * fails. */
int scan_read_rules(const struct scan_options *opt, struct rules *r,
                    struct yara **yara, unsigned char sha256[32],
                    struct err *e);

/* ------------------------------------------------------------------ sides */

/* Opens them, asks for the lists, and says what the scan will cost. */
int scan_open(struct scan *s, char **names, int n, struct err *e);
/* -1 when an access log could not be written to its end. */
int scan_close(struct scan *s, struct err *e);

/* `n' bytes at `offset', all of them: past the end, and where a block is
 * lost, zeros.  Any thread. */
int scan_read(struct scan *s, unsigned side, uint64_t offset,
              unsigned char *to, size_t n, struct err *e);

/* -1 with the reason when of a side nothing at all could be read: there is no
 * result then. */
int scan_check_read(const struct scan *s, struct err *e);

/* Was a block of these bytes lost?  For hits_judge(); ctx is the scan.  Any
 * thread. */
bool scan_lost(void *ctx, unsigned side, uint64_t from, uint64_t to);
uint64_t scan_lost_blocks(const struct scan *s);

/* ------------------------------------------------------------------ lanes */

/* Looks at all windows, on threads of its own. */
int scan_windows(struct scan *s, struct err *e);

/* ------------------------------------------------------------------- show */

/* The result on standard output; returns -1 when that cannot be written. */
int scan_show(const struct scan *s, struct err *e);

/* Every secret that is told, whole, into the new file. */
int scan_write_secrets(const struct scan *s, const char *path,
                       struct err *e);

#endif
