/* SPDX-License-Identifier: Apache-2.0 */
/* The case log of a chain, PREFIX.case.jsonl: which snapshots there are, what
 * became of the image of each, and with which options they are made.  It is
 * all that is needed to go on with a chain that did not finish.
 * doc/log-format.md describes it. */
#ifndef EBSIMG_CASE_CASE_LOG_H
#define EBSIMG_CASE_CASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "acquire/options.h"
#include "acquire/result.h"
#include "audit/case-rules.h"
#include "audit/log.h"
#include "audit/logcheck.h"
#include "base/err.h"
#include "base/folder.h"
#include "base/lock.h"
#include "base/notes.h"

#define CASE_NOT_ENDED (-1)

struct case_member {
    char snapshot[96];
    char *time;               /* that it shows, or NULL */
    bool usable;              /* EC2 says that it can be read */
    int status;               /* exit status of its image, CASE_NOT_ENDED */
    enum outcome outcome;     /* when it has ended */
    unsigned reserves;        /* OUTCOME_BIT()s, the outcome's among them */
    bool counted;             /* these two are known: */
    uint64_t fetched, carried; /* blocks */
};

struct case_log {
    char *path;
    struct folder *folder;    /* where it is; NULL: not there */
    struct lock lock;
    struct log *log;          /* NULL: only read so far */
    struct case_member *members;
    size_t count;
    bool partial;             /* there may be more than these members */
    bool apart;               /* none is built upon another */
    struct notes notes;       /* warnings for the log; of one that was read
                               * those that its members came with */
    bool begun;               /* of one that is read: those are told */
    struct text service;      /* what they rest on, a JSON object, or empty */
    /* Of a chain that is gone on with: */
    cJSON *begin;             /* its first event; has the options' texts */
    struct acquire_options options;
    uint64_t expected;        /* members that it should have */
    struct case_rules rules;  /* case_look(): what is wrong with it */
    struct log_place end;     /* behind its last whole line; at last behind
                               * its closing record */
    uint64_t cut;             /* bytes behind that */
};

/* Nothing is opened.  case_free() in every case. */
int case_init(struct case_log *c, const char *prefix, struct err *e);
void case_free(struct case_log *c);

int case_add_member(struct case_log *c, const char *snapshot,
                    const char *time, bool usable, struct err *e);

/* Is there a case log of this prefix? */
bool case_exists(const char *prefix);

/* For the two below: nobody else may be at work there (ERR_DEST). */
int case_take_lock(struct case_log *c, struct err *e);

/* Makes it, with all members; what the user named is in `names'. */
int case_begin(struct case_log *c, const struct acquire_options *o,
               char **names, size_t n, struct err *e);
/* Reads it: members, options, what has been made.  ERR_DEST when a run is at
 * work there, ERR_VERIFY when it was changed, ERR_USAGE when it ended before
 * there was anything to go on with. */
int case_read(struct case_log *c, struct err *e);
/* Reads it to look at it: nobody is kept out, line ends that were changed on
 * the way are let pass, and so is part of a line at the end, which a run at
 * work or one that died leaves (c->cut); *check has how far it is good.  What
 * an honest one cannot hold is in c->rules, and no error. */
int case_look_init(struct case_log *c, const char *path, struct err *e);
int case_look(struct case_log *c, struct logcheck *check, struct err *e);
/* Then goes on behind its last whole line; what follows is cut off. */
int case_reopen(struct case_log *c, struct err *e);
/* What the examiner reads at the end: the image of each snapshot in a line,
 * on standard output; `status' is the exit status that it ends with. */
int case_show(const struct case_log *c, const char *prefix, int status,
              struct err *e);
/* What it means that a log is `partial', in a few words. */
const char *case_partial_text(const struct case_log *c);
/* The head of the case log, behind that; after case_write_end(). */
int case_show_head(const struct case_log *c, struct err *e);

/* What its images are built upon first, or NULL; stays the log's. */
const char *case_since(const struct case_log *c);
/* Are these the names that it was begun with? */
bool case_is_of(const struct case_log *c, char **names, size_t n);

/* What was done to this machine's own login files to get keys for all images;
 * any thread. */
int case_write_identity(struct case_log *c, const char *text, struct err *e);
/* What became of an image: `res' has it, or `why' says why there is none.
 * Both of these fill in the member. */
int case_write_image(struct case_log *c, struct case_member *m,
                     const char *prefix, const struct result *res,
                     const struct err *why, struct err *e);
/* An image that has its names: what its own log says.  m->status is the exit
 * status that it had.  ERR_VERIFY when that log is not good, or does not say
 * that the image is complete, or is of another snapshot. */
int case_write_found(struct case_log *c, struct case_member *m,
                     const char *prefix, struct err *e);
/* How many blocks were fetched, a sample included, and taken over. */
void case_count(struct case_member *m, const struct result *res);
int case_write_end(struct case_log *c, size_t made, size_t failed, int status,
                   struct err *e);

/* case-sums.c: PREFIX.case.sha256, with the digest of the case log and its
 * head; after case_write_end(), and before the log is begun or gone on with:
 * there must be none but its own (ERR_DEST), which goes. */
int case_write_sums(const struct case_log *c, struct err *e);
int case_clear_sums(const struct case_log *c, struct err *e);
/* 1: its line fits; 0: there is no such file; ERR_VERIFY.  *line_ends: they
 * were changed on the way, in the log or in that file. */
int case_check_sums(const char *path, const char *sums, bool *line_ends,
                    struct err *e);

#endif
