/* SPDX-License-Identifier: Apache-2.0 */
/* Which snapshots a chain is of. */
#ifndef EBSIMG_CASE_MEMBERS_H
#define EBSIMG_CASE_MEMBERS_H

#include <stddef.h>

#include "acquire/options.h"
#include "base/err.h"
#include "case/case-log.h"

/* Into `log', the oldest first: the snapshots that are named, or those of the
 * volume of the one name, as EC2 lists them; then the log has its warnings,
 * and what they rest on, too. */
int members_find(struct case_log *log, const struct acquire_options *o,
                 char **names, size_t n, struct err *e);
/* Those that are named, each once. */
int members_take(struct case_log *log, char **names, size_t n, struct err *e);

#endif
