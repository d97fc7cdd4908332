/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks of an acquisition on their way: the pipeline, and what is shown
 * and logged once a second while it runs. */
#ifndef EBSIMG_ACQUIRE_PULL_H
#define EBSIMG_ACQUIRE_PULL_H

#include "acquire/acquisition.h"

/* All blocks, from a->origin.source into the sinks of a->outputs.  Ends early
 * when somebody wants an end or the log cannot be written. */
int pull_run(struct acquisition *a, struct err *e);

#endif
