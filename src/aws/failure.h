/* SPDX-License-Identifier: Apache-2.0 */
/* Does a failure end the run, or is it a note?  The only place that decides:
 * a table over why the question was asked and what kind of failure it is.
 * Pure, any thread.
 *
 * An interrupt and a machine that gives out always end the run, and so do
 * keys that are no good while anything is still to be asked: whoever went on
 * would call the rest refused.  What is a note must be told or recorded by
 * the caller; nothing is left out without a word. */
#ifndef EBSIMG_AWS_FAILURE_H
#define EBSIMG_AWS_FAILURE_H

#include <stdbool.h>

#include "base/err.h"

enum question {
    ASKED_AS_NEEDED,      /* the run is about this, or cannot do without */
    ASKED_OF_THE_TARGET,  /* about what the run is about; the answer itself
                           * is only useful */
    ASKED_AS_USEFUL,      /* about something beside it, or a cheaper way */
    ASKED_FOR_ONE_OF_MANY,/* the others can be had without this one */
    ASKED_AS_A_CONTROL,   /* after the work, which stands without it; not
                           * having it is a reserve of its own */
    QUESTIONS
};

/* False: a note. */
bool failure_ends(enum question why, const struct err *e);

/* The same of one block of a snapshot that the keys could list: one that may
 * not be read is none of many, for none of them may. */
bool failure_of_block_ends(const struct err *e);

/* The same where a service that is in trouble may still have the next block:
 * it ends with BLOCK_STRIKES of them one after the other, since the service is
 * gone then, and the rest would only wait for it.  `strikes' counts them, of
 * all threads; who gets a block sets it to 0. */
#define BLOCK_STRIKES 16u
bool failure_of_blocks_ends(_Atomic unsigned *strikes,
                            const struct err *e);

#endif
