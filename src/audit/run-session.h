/* SPDX-License-Identifier: Apache-2.0 */
/* What the events `origin', `recheck' and `folder' say, held against what the
 * same log says of it elsewhere: where the blocks came from in this session
 * and in the first, where it went on, and that each stands where an honest
 * run has it, once.  A log without them breaks no rule; older ones are. */
#ifndef EBSIMG_AUDIT_RUN_SESSION_H
#define EBSIMG_AUDIT_RUN_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "audit/run-course.h"
#include "base/err.h"

/* partition, region, endpoint, account, caller, owner, volume, start_time */
#define RUN_FACTS 8

struct run_session {
    struct run_course *course;   /* of the step; remarks go to it */
    unsigned seen;               /* of the three, in this session */
    bool rows_told;
    uint64_t rows;               /* where the session goes on */
    char *begun[RUN_FACTS];      /* as the first session has them, or NULL */
    char *now[RUN_FACTS];        /* as this one has them so far */
};

/* The event that the course has just taken, a session's first one included.
 * -1 only when there is no memory. */
int run_session_step(struct run_session *s, struct run_course *c,
                     const cJSON *event, uint64_t line, struct err *e);

void run_session_free(struct run_session *s);

#endif
