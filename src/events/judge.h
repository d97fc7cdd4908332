/* SPDX-License-Identifier: Apache-2.0 */
/* What it says where an entry is and where it is not. */
#ifndef EBSIMG_EVENTS_JUDGE_H
#define EBSIMG_EVENTS_JUDGE_H

#include "events/events.h"

enum judge_answer { JUDGE_NO, JUDGE_YES, JUDGE_UNSURE };

struct judgement {
    enum judge_answer is_new;  /* only B has it */
    enum judge_answer is_gone; /* no file of a log has it any more: of two, no
                                * file of B */
};

/* Unsure where what was not read may have it. */
struct judgement judge(const struct events *s, const struct store_event *k);

extern const char *const judge_words[]; /* "no" "yes" "unsure" */

/* Is it within --from and --to?  An entry without a year is when it is in one
 * of their years. */
bool judge_is_within(const struct events *s, const struct store_event *k);
/* It may be wanted, by what its options and times say. */
bool judge_is_told(const struct events *s, const struct store_event *k);

#endif
