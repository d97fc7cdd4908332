/* SPDX-License-Identifier: Apache-2.0 */
/* Going on with a run that did not finish: what is on the disk is found,
 * judged, read back and cut to a checkpoint, then the run continues there.
 * doc/resume.md tells the whole. */
#ifndef EBSIMG_ACQUIRE_RESUME_H
#define EBSIMG_ACQUIRE_RESUME_H

#include "acquire/acquisition.h"

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

void resume_free(struct resuming *r);

#endif
