/* SPDX-License-Identifier: Apache-2.0 */
/* The controls of an acquisition: what is compared with what before an image
 * is called complete.  One that could not be done has not been passed: the
 * table in controls.c says for each whether another stands in for it, and
 * what is held against the image when none does.  The log has an event for
 * each (journal_controls()).  Pure.
 *
 * What ends a run when it fails (a block's SHA-256, the answer of EC2 about
 * another snapshot, the files) is here only where it may be left undone.
 * Whose keys they are is no control: what STS says is recorded and compared
 * with nothing. */
#ifndef EBSIMG_ACQUIRE_CONTROLS_H
#define EBSIMG_ACQUIRE_CONTROLS_H

#include "audit/outcome.h"

enum control {
    CONTROL_SECOND_LIST,
    CONTROL_EC2_COUNT,
    CONTROL_VOLUME_SIZE,
    CONTROL_SAME_SNAPSHOT,
    CONTROL_KEPT_BLOCKS,
    CONTROL_RECHECK,
    CONTROL_CHECKSUMS,
    CONTROL_CHANGES,
    CONTROL_SAMPLE,
    CONTROL_CARRIED,
    CONTROL_DIGESTS,
    CONTROL_READBACK,
    CONTROL_CLOCK,
    CONTROLS,
    CONTROL_NONE = CONTROLS,
};

/* Of one that nobody has set, it must be thought that it was not done. */
enum control_result {
    CONTROL_NOT_HAD, /* it could not be done, or not for all of it */
    CONTROL_DONE,    /* and what was compared agrees */
    CONTROL_DIFFERS,
    CONTROL_OFF,     /* the operator did not want it */
    CONTROL_MOOT,    /* this run has nothing that it is about */
};

#define CONTROL_WHY 640

struct controls {
    struct control_state {
        enum control_result result;
        char why[CONTROL_WHY]; /* one sentence; "" when there is none */
    } of[CONTROLS];
};

const char *control_name(enum control which);          /* "second-list" ... */
const char *control_compares(enum control which);      /* what with what */
const char *control_result_name(enum control_result r); /* "not-had" ... */

void controls_set(struct controls *c, enum control which,
                  enum control_result result, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The control that was done in place of this one, which could not be;
 * CONTROL_NONE when none was.  One that differs was done, too: that is held
 * against the image by itself. */
enum control controls_stand_in(const struct controls *c, enum control which);

/* What this control holds against the image: OUTCOME_COMPLETE is nothing. */
enum outcome controls_reserve(const struct controls *c, enum control which);

/* All of these, a bit for each, and the worst of them. */
unsigned controls_reserves(const struct controls *c);
enum outcome controls_verdict(const struct controls *c);

#endif
