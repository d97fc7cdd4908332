/* `acquire --chain': the snapshots of one volume, each as an image of its
 * own, with one case log over all of them. */
#ifndef EBSIMG_CMD_SERIES_H
#define EBSIMG_CMD_SERIES_H

#include <stddef.h>

#include "base/err.h"

struct acquire_options;

#define SERIES_MAX 1000 /* snapshots that can be named */

/* `names': one snapshot or volume, whose volume's snapshots are meant; or
 * several snapshots, in the order in which they were taken.  The exit status,
 * or -1 with the error. */
int series_run(const struct acquire_options *o, char **names, size_t n,
               struct err *e);

#endif
