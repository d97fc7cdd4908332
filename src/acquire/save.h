/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints of a run: so that it can be gone on with after any end. */
#ifndef EBSIMG_ACQUIRE_SAVE_H
#define EBSIMG_ACQUIRE_SAVE_H

#include <stdbool.h>
#include <stdint.h>

#include "acquire/journal.h"
#include "acquire/outputs.h"
#include "acquire/recipe.h"
#include "audit/checkpoint.h"
#include "audit/outcome.h"

struct saving {
    struct outputs *outputs;     /* what they are of */
    struct journal *journal;     /* whose log they bind */
    struct log *file;            /* NULL: none */
    uint64_t every;              /* ns between two of them */
    uint64_t last;               /* monotonic, when the last one was made */
    uint64_t saved;              /* its offset */
    /* What all outputs have taken: the writer's while the pipeline runs. */
    struct checkpoint now;
    bool broken;                 /* one failed: what the disk holds is not
                                  * known, no other one is made */
    bool final;                  /* they may say that only names are left to
                                  * give: nothing in the stage may change */
};

/* The outputs are new: begins the file, unless the image goes to standard
 * output: such a run is not gone on with.  Or goes on with one. */
int save_begin(struct saving *s, const struct recipe *p, struct err *e);
int save_go_on(struct saving *s, const struct checkpoint *at,
               const struct log_place *end, struct err *e);

/* For the pipeline: a block has passed all outputs.  Makes a checkpoint when
 * it is time. */
int save_passed(struct saving *s, uint64_t offset,
                const struct digest_state *d, struct err *e);

/* The run ends before its time: one more, if that is possible. */
void save_last(struct saving *s);

/* Only the names are left to give. */
int save_publish(struct saving *s, enum outcome o, struct err *e);

void save_close(struct saving *s);

#endif
