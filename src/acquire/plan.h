/* SPDX-License-Identifier: Apache-2.0 */
/* Which blocks are to come, before the first of them is asked for: what is here
 * already is compared with what the service has now. */
#ifndef EBSIMG_ACQUIRE_PLAN_H
#define EBSIMG_ACQUIRE_PLAN_H

#include "acquire/acquisition.h"

/* The earlier image (a->since), what earlier sessions have left, then the
 * first page of the list, from a->resume.at on, which tells how large the
 * volume is.  a->origin.source is then ready to run.  All of it is logged. */
int plan_make(struct acquisition *a, struct err *e);

#endif
