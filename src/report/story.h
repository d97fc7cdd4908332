/* SPDX-License-Identifier: Apache-2.0 */
/* What the events of a log tell one by one, and the record does not keep: the
 * sessions with their machines, requests that did not end well, warnings, the
 * blocks that could not be read, and how all this is spread over the time.
 *
 * Memory is bounded, whatever the log holds: of each kind of thing so many are
 * kept, the first ones, and all are counted. */
#ifndef EBSIMG_REPORT_STORY_H
#define EBSIMG_REPORT_STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/run-record.h"
#include "base/err.h"
#include "report/timeline.h"

#define STORY_SESSIONS 100
#define STORY_WARNINGS 100
#define STORY_UNREADABLE 200
#define STORY_TAGS 50
#define STORY_TROUBLES 40

/* One process that worked on the run.  Texts are never NULL. */
struct story_session {
    uint64_t number, line, offset; /* where it began in the volume */
    char *began, *ended;      /* "": it died without a word */
    char *verdict, *error;    /* of its `end' */
    char *version, *build, *host, *system, *kernel, *machine, *user;
    char *command;            /* its words, one behind the other */
    char *libraries;          /* of the first session */
    uint64_t milliseconds, requests, retries, throttled; /* RUN_UNTOLD */
};

/* Requests that did not end well, of one event, for one kind of thing. */
struct story_trouble {
    char *event, *what;
    char *first;              /* what was wrong with the first of them */
    uint64_t count, first_line;
};

struct story_unreadable {
    uint64_t block, offset, length, attempts, line;
    char *reason, *code, *request_id;
};

struct story_text {
    char *text;
    uint64_t line;
};

struct story_tag {
    char *key, *value;
};

struct story {
    struct story_session *sessions;
    size_t nsessions;
    struct story_trouble *troubles;
    size_t ntroubles;
    struct story_unreadable *unreadable;
    size_t nunreadable;
    struct story_text *warnings;
    size_t nwarnings;
    struct story_tag *tags;
    size_t ntags;
    uint64_t all_sessions, all_troubles, all_unreadable, all_warnings,
        all_tags;
    char *snapshot_request, *caller_request; /* the provider's ids */
    char *user_id, *completion_time, *status, *tier, *key_id;
    struct timeline time;
};

/* Of the log at `path' that was read into `r'; what of it is good.
 * ERR_VERIFY when it has changed since.  story_free() in every case. */
int story_read(struct story *s, const struct run_record *r, const char *path,
               struct err *e);
void story_free(struct story *s);

#endif
