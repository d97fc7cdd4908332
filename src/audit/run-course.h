/* SPDX-License-Identifier: Apache-2.0 */
/* The course of a run as its log tells it, looked at line by line: the order
 * of the events, the sessions, the time, and which blocks were unreadable.
 * An honest log goes one way only; one that was put together by hand seldom
 * does. */
#ifndef EBSIMG_AUDIT_RUN_COURSE_H
#define EBSIMG_AUDIT_RUN_COURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "audit/logcheck.h"
#include "base/err.h"

/* What a run that ended well has in every session that came to its end, in
 * this order. */
enum run_event {
    RUN_START,       /* or `resume' */
    RUN_CREDENTIALS, RUN_SOURCE, RUN_OUTPUT, RUN_LIST, RUN_FILE,
    RUN_MANIFEST, RUN_HASHES, RUN_END,
    RUN_EVENTS,
};

#define RUN_EVENT_BIT(x) (1u << (x))

extern const char *const run_event_names[RUN_EVENTS];

/* So many remarks are kept, the first ones. */
#define RUN_REMARKS 16

struct run_remark {
    uint64_t line;
    bool note;       /* it may be so in an honest log */
    char text[160];  /* what to say of that line */
};

struct run_course {
    unsigned seen;               /* RUN_EVENT_BIT()s, of this session */
    uint64_t lines[RUN_EVENTS];  /* where; the last of each */
    uint64_t sessions;
    bool tells_clock;            /* a line says when the clock was set back */
    bool clock_set;              /* it was, to an earlier time, */
    bool clock_set_between;      /* and that between two sessions */
    bool ended;                  /* the line before is an `end' */
    uint64_t time;               /* of the line before, wall ns */
    uint32_t *unreadable;        /* indexes of blocks */
    size_t nunreadable, room;
    struct run_remark remarks[RUN_REMARKS];
    size_t nremarks;
};

/* The next line; `before' is how far the log is good before it.  -1 only when
 * there is no memory. */
int run_course_step(struct run_course *c, const cJSON *event,
                    const struct logcheck *before, struct err *e);

/* After the last line: how many blocks the log says are unreadable in the
 * image.  What a session had told of blocks behind the place where the next
 * one went on does not count: those were asked for again. */
uint64_t run_course_unreadable(struct run_course *c);

void run_course_free(struct run_course *c);

/* For run-session.c: no honest log has this line. */
void run_course_blame(struct run_course *c, uint64_t line,
                      const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
