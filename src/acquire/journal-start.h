/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a log for how a session was asked for, where it goes on, and
 * where it writes. */
#ifndef EBSIMG_ACQUIRE_JOURNAL_START_H
#define EBSIMG_ACQUIRE_JOURNAL_START_H

#include "acquire/journal.h"
#include "acquire/outputs.h"
#include "acquire/resuming.h"
#include "flow/budget.h"

/* The first event of a run, or of another session of it. */
int journal_start(struct journal *j, const char *snapshot, struct err *e);
int journal_resume(struct journal *j, const char *snapshot,
                   const struct resuming *s, struct err *e);
/* It goes on from an earlier checkpoint than `resume' says. */
int journal_rewind(struct journal *j, const struct resuming *s,
                   struct err *e);
/* So many bytes of this file were read back, and are what was written. */
int journal_readback(struct journal *j, const char *name, uint64_t bytes,
                     uint64_t began, struct err *e);
int journal_folder(struct journal *j, const struct outputs *o, struct err *e);
int journal_output(struct journal *j, const struct outputs *o,
                   const struct budget *b, struct err *e);

#endif
