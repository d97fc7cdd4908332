/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a log for where the blocks come from: who asks, what the
 * service is asked for, and which earlier image is built upon. */
#ifndef EBSIMG_ACQUIRE_JOURNAL_ORIGIN_H
#define EBSIMG_ACQUIRE_JOURNAL_ORIGIN_H

#include "acquire/earlier.h"
#include "acquire/journal.h"
#include "acquire/origin.h"

int journal_credentials(struct journal *j, const struct origin *o,
                        struct err *e);
/* These two with the call that brought the answer. */
int journal_caller(struct journal *j, const struct origin *o,
                   const struct call *c, struct err *e);
int journal_snapshot(struct journal *j, const struct origin *o,
                     const struct call *c, struct err *e);
/* What came of comparing it with an earlier session. */
int journal_origin(struct journal *j, const struct origin_facts *then,
                   const struct origin_facts *now,
                   const struct origin_look *look, struct err *e);
/* `why' says why the earlier image is not used, when it is not. */
int journal_since(struct journal *j, const struct since *s,
                  const struct err *why, struct err *e);
int journal_source(struct journal *j, const struct origin *o, struct err *e);

#endif
