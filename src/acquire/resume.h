/* Going on with a run that did not finish: what is on the disk is found,
 * judged, read back and cut to a checkpoint, then the run continues there.
 * doc/resume.md tells the whole. */
#ifndef EBSIMG_ACQUIRE_RESUME_H
#define EBSIMG_ACQUIRE_RESUME_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/checkpoint.h"
#include "audit/spent.h"

struct acquisition;
struct acquire_options;

struct resuming {
    bool on;
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
    char reason[1024];          /* why not, of the last of them */
};

/* Opens the stage, reads the checkpoints, fills `o' and the snapshot in, and
 * chooses the last checkpoint that log and manifest agree with. */
int resume_open(struct acquisition *a, struct acquire_options *o,
                struct err *e);

/* The log, from its last good line on. */
int resume_log(struct acquisition *a, struct err *e);

/* Cuts the outputs to the chosen checkpoint and reads the images back; when
 * they are not what was written, the same with an earlier checkpoint.  Then
 * all sinks are open. */
int resume_outputs(struct acquisition *a, struct err *e);

void resume_free(struct acquisition *a);

#endif
