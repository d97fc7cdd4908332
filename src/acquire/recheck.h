/* SPDX-License-Identifier: Apache-2.0 */
/* What earlier sessions of a run have left, against what the service has now.
 * That image, manifest and checkpoints agree with each other proves nothing:
 * whoever can write in the folder can make them agree. */
#ifndef EBSIMG_ACQUIRE_RECHECK_H
#define EBSIMG_ACQUIRE_RECHECK_H

#include "base/err.h"

struct acquisition;

/* The list of blocks, from the first on, must name the blocks that are kept
 * and no other up to a->resume.at; and a sample of these (--recheck) must be
 * what the service gives.  ERR_VERIFY names the first block that is not.  The
 * outputs must be cut to a->resume.at.  Logs what came of it. */
int recheck_run(struct acquisition *a, struct err *e);

/* The same for all of an image a->prefix that has its names. */
int recheck_found(struct acquisition *a, struct err *e);

#endif
