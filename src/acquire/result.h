/* SPDX-License-Identifier: Apache-2.0 */
/* What came of a run.  All of it is here by value, so that it outlives the
 * run: a case reads it when the run is long freed. */
#ifndef EBSIMG_ACQUIRE_RESULT_H
#define EBSIMG_ACQUIRE_RESULT_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "acquire/controls.h"
#include "audit/hash.h"
#include "audit/log.h"
#include "audit/manifest.h"
#include "audit/outcome.h"
#include "flow/ledger.h"
#include "show/stats.h"

struct result {
    enum outcome outcome;
    struct controls controls;     /* of an image that is whole */
    struct hashes stream;         /* of the volume */
    struct log_place log_end;     /* behind the closing record */
    struct stats stats;
    bool unstamped;               /* sealed, but not time-stamped as asked */
    /* Set when the run is over, also when it has failed: */
    struct ledger_counts counts;
    unsigned char manifest[MANIFEST_HASH], root[MANIFEST_HASH];
    char since[PATH_MAX];         /* the earlier image that was named, or "" */
    bool built_upon;              /* and blocks were taken from there, of */
    uint64_t audited;             /* which so many were fetched, too */
};

/* The exit status of a run that has made an image. */
int result_status(const struct result *r, const struct err *why);

#endif
