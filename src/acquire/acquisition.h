/* SPDX-License-Identifier: Apache-2.0 */
/* One acquisition: what it was asked for, and its parts, each of which is told
 * of in its own header.  A function takes the part that it needs; what drives
 * the parts takes all of it (run.c, closing.c, resume.c ...). */
#ifndef EBSIMG_ACQUIRE_ACQUISITION_H
#define EBSIMG_ACQUIRE_ACQUISITION_H

#include "acquire/caching.h"
#include "acquire/earlier.h"
#include "acquire/journal.h"
#include "acquire/options.h"
#include "acquire/origin.h"
#include "acquire/outputs.h"
#include "acquire/result.h"
#include "acquire/resuming.h"
#include "acquire/save.h"
#include "audit/run-record.h"
#include "flow/budget.h"

struct acquisition {
    const struct acquire_options *opt;
    struct origin origin;      /* where the blocks come from */
    struct outputs outputs;    /* where they go */
    struct journal journal;    /* what is recorded of that, and when */
    struct result result;      /* what came of it */
    struct resuming resume;    /* of earlier sessions of the run */
    struct since since;        /* of an earlier image */
    struct caching cache;      /* of earlier accesses */
    struct saving save;        /* checkpoints */
    struct budget budget;
    struct run_record record;  /* the closed log, read back */
};

#endif
