/* SPDX-License-Identifier: Apache-2.0 */
/* The questions before the first block: whose keys, which account, what EC2
 * knows of the snapshot. */
#ifndef EBSIMG_ACQUIRE_PREFLIGHT_H
#define EBSIMG_ACQUIRE_PREFLIGHT_H

#include "base/err.h"

struct acquisition;

/* Fills in a->origin, as far as it is told; of a run that is gone on with, it
 * must be what it was.  Everything it learns goes into the log. */
int preflight_run(struct acquisition *a, struct err *e);

#endif
