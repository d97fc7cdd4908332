/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a log at its end: what was listed and written, which controls
 * were done, how it ended. */
#ifndef EBSIMG_ACQUIRE_JOURNAL_END_H
#define EBSIMG_ACQUIRE_JOURNAL_END_H

#include "acquire/acquisition.h"

int journal_results(struct acquisition *a, struct err *e);
int journal_controls(struct journal *j, const struct controls *c,
                     struct err *e);
/* The closing record; a->result.log_end is then the place behind it.  `why'
 * says why the run failed, when it did. */
int journal_end(struct acquisition *a, const struct err *why, struct err *e);

#endif
