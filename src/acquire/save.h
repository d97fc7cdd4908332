/* Checkpoints of a run: so that it can be gone on with after any end. */
#ifndef EBSIMG_ACQUIRE_SAVE_H
#define EBSIMG_ACQUIRE_SAVE_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/checkpoint.h"

struct acquisition;

struct saving {
    struct log *journal;         /* NULL: none */
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

/* The outputs are new: begins the journal.  Or goes on with one. */
int save_begin(struct acquisition *a, struct err *e);
int save_go_on(struct acquisition *a, const struct checkpoint *at,
               const struct log_place *end, struct err *e);

/* For the pipeline: a block has passed all outputs.  Makes a checkpoint when
 * it is time. */
int save_passed(void *ctx, uint64_t offset, const struct digest_state *d,
                struct err *e);

/* The run ends before its time: one more, if that is possible. */
void save_last(struct acquisition *a);

/* Only the names are left to give. */
int save_publish(struct acquisition *a, struct err *e);

void save_close(struct acquisition *a);

#endif
