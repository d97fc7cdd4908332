/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of the sessions before this one, when a run is gone on with;
 * all zeros when it is new.  Filled in by resume.c, choice.c and recheck.c. */
#ifndef EBSIMG_ACQUIRE_RESUMING_H
#define EBSIMG_ACQUIRE_RESUMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acquire/recipe.h"
#include "audit/checkpoint.h"
#include "audit/spent.h"

struct resuming {
    bool on;
    struct recipe *kept;       /* what the run was begun with; NULL unless on */
    struct checkpoints all;
    size_t left;               /* the first `left' of them may still do */
    struct checkpoint at;      /* chosen; offset 0: from the beginning */
    struct log_place log;      /* how far the log is good */
    uint64_t log_cut;          /* bytes behind that */
    unsigned sessions;         /* of the run before this one */
    struct spent spent;        /* how long these took */
    uint64_t carried;          /* blocks in the outputs that are not of this
                                * session and came from an earlier image */
    uint64_t rows, rechecked;  /* kept; of these so many were fetched again
                                * and are the same */
    uint64_t passed_over;      /* checkpoints that did not do */
    char reason[1024];         /* why not, of the last of them */
};

#endif
