/* SPDX-License-Identifier: Apache-2.0 */
/* Where a run is gone on with: at the last of its checkpoints that log,
 * manifest and chunk list agree with, as far as one can tell without reading
 * the image back.  What the images say of it comes later (readback.h). */
#ifndef EBSIMG_ACQUIRE_CHOICE_H
#define EBSIMG_ACQUIRE_CHOICE_H

#include <stdint.h>

#include "acquire/resuming.h"
#include "base/err.h"

/* Reads the log of the run: how far it is good, how many sessions it has had
 * and how long they took, and which of r->all it agrees with.  ERR_VERIFY when
 * there are checkpoints and it agrees with none; `folder' is for the
 * message. */
int choice_check_log(struct resuming *r, const char *log, const char *folder,
                     struct err *e);

/* The last of those that are left which fits r->kept and both lists becomes
 * r->at; what comes behind it is passed over, and r->reason says why.  With
 * none that does, the run begins at its first block.  `chunks' is of an E01
 * alone.  -1 when a list cannot be read. */
int choice_make(struct resuming *r, const char *manifest, const char *chunks,
                struct err *e);

/* The outputs are good up to `good' at most, because of `why': r->at and what
 * is behind `good' are left no more. */
void choice_go_back(struct resuming *r, uint64_t good, const char *why);

#endif
