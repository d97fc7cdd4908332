/* SPDX-License-Identifier: Apache-2.0 */
/* acquire --output -: the raw image goes to standard output, its papers to
 * --papers PREFIX.  From streaming_open() on, standard output belongs to the
 * image: whatever else would be written there goes to standard error. */
#ifndef EBSIMG_ACQUIRE_STREAMING_H
#define EBSIMG_ACQUIRE_STREAMING_H

#include "acquire/options.h"
#include "base/err.h"

/* Does the command line ask for it?  Then o->streamed, and o->output becomes
 * the prefix of the papers.  ERR_USAGE when something does not go with it, and
 * when --papers is there without it.  Before acquire_check(). */
int streaming_check(struct acquire_options *o, struct err *e);

/* Takes standard output: o->stream_fd.  ERR_USAGE when it is a terminal, or
 * closed.  Nothing when the image goes into files. */
int streaming_open(struct acquire_options *o, struct err *e);
/* The run is over: whoever reads comes to the end. */
void streaming_close(struct acquire_options *o);

#endif
