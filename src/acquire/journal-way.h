/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a log while blocks come: whatever did not go as it should.
 * A log that cannot be written keeps its failure until it is asked. */
#ifndef EBSIMG_ACQUIRE_JOURNAL_WAY_H
#define EBSIMG_ACQUIRE_JOURNAL_WAY_H

#include "acquire/journal.h"
#include "aws/aws.h"
#include "flow/pipeline.h"
#include "flow/slot.h"

/* Hooks of aws and fetch, whose `ctx' is the struct journal. */
void journal_aws_event(void *ctx, const struct aws_event *event);
void journal_list_answer(void *ctx, const struct call *c);
void journal_newer_keys(void *ctx, const struct credentials *c);
void journal_note(void *ctx, const char *text);
void journal_unreadable(void *ctx, const struct slot *s,
                        const struct err *why);
void journal_late(void *ctx, const struct slot *s, uint64_t milliseconds);

/* A block of the earlier image that is not what its manifest says. */
void journal_not_carried(struct journal *j, const struct slot *s);
void journal_progress(struct journal *j, const struct pipeline_state *st);

#endif
