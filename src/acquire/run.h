/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way of one snapshot, from its name to its image. */
#ifndef EBSIMG_ACQUIRE_RUN_H
#define EBSIMG_ACQUIRE_RUN_H

#include "acquire/options.h"
#include "acquire/result.h"
#include "audit/log.h"
#include "base/err.h"

/* Into the files PREFIX.*.  *out is set in every case. */
int acquire_one(const struct acquire_options *o, const char *snapshot,
                const char *prefix, struct result *out, struct err *e);

/* The same for a run that did not finish, of the prefix o->resume; `snapshot'
 * may be NULL, else it must be that of the run.  What the run was begun with
 * is taken over into `o', whose texts are not to be used afterwards. */
int acquire_unfinished(struct acquire_options *o, const char *snapshot,
                       struct result *out, struct err *e);

/* An image that has its names, of which no session says that it made it: its
 * log must be sound, and its manifest what the service has, as far as
 * recheck_found() goes.  What is asked for that goes into `log'. */
int acquire_prove_found(const struct acquire_options *o, const char *snapshot,
                        const char *prefix, struct log *log, struct err *e);

#endif
