/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg readers': who read snapshots, and what they got, as far as records
 * of CloudTrail tell. */
#ifndef EBSIMG_READERS_READERS_H
#define EBSIMG_READERS_READERS_H

#include "base/err.h"
#include "readers/options.h"

/* Of these snapshots, or (n is 0) of all.  The exit status: 1 when something
 * in the files could not be used; or -1. */
int readers_run(const struct readers_options *opt, char **snapshots, int n,
                struct err *e);

#endif
