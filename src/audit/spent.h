/* SPDX-License-Identifier: Apache-2.0 */
/* How long the sessions of a run took together, as the events of its log tell:
 * each measured its own time, and no two of them have a clock in common that
 * nobody could set. */
#ifndef EBSIMG_AUDIT_SPENT_H
#define EBSIMG_AUDIT_SPENT_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

/* All zeros before the first event. */
struct spent {
    uint64_t before;           /* ms of the sessions that are over */
    uint64_t session;          /* ms of the one that the log is in */
    bool begun, ended;         /* that one: there is one; it has an `end' */
    unsigned died;             /* sessions over without an `end': what they
                                * did behind their last `progress' is not
                                * known */
};

/* Every event of the log, in order. */
void spent_event(struct spent *s, const cJSON *event);

/* Behind the last event: another session begins. */
void spent_next(struct spent *s);

#endif
