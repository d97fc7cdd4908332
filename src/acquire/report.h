/* SPDX-License-Identifier: Apache-2.0 */
/* What the examiner reads of a run: what its log says, which is read back for
 * that. */
#ifndef EBSIMG_ACQUIRE_REPORT_H
#define EBSIMG_ACQUIRE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "acquire/outputs.h"
#include "audit/log.h"
#include "audit/run-record.h"
#include "audit/stage.h"
#include "show/stats.h"

/* PREFIX.txt, made of the closed log, which must end at `end': ERR_DEST when
 * it does not read back as it was written.  *r is what was read; zeros
 * before. */
int report_write(struct run_record *r, const struct stage *stage,
                 const struct log_place *end, struct err *e);

/* The same on standard output, or as JSON, which has all files of `o', also
 * those that no event names (the log, the summary).  With `stats' (or NULL)
 * where the time went. */
int report_show(const struct run_record *r, const struct outputs *o,
                const struct stats *stats, bool json, struct err *e);

#endif
