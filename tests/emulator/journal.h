/* SPDX-License-Identifier: Apache-2.0 */
/* The journal: one line of JSON for each request that was answered, in the
 * shape of a CloudTrail record.  What CloudTrail has no place for (the HTTP
 * status, the rules that fired) is in its additionalEventData.
 *
 * A line is written before its answer is sent, in one write: whoever has
 * the answer finds the record.  Any thread. */
#ifndef EMULATOR_JOURNAL_H
#define EMULATOR_JOURNAL_H

#include "fail.h"

struct journal;
struct request;

/* Appends to the file.  NULL with a sentence. */
struct journal *journal_open(const char *path, struct fail *f);
void journal_close(struct journal *j);

void journal_write(struct journal *j, const struct request *r);

#endif
