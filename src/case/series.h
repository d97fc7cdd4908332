/* SPDX-License-Identifier: Apache-2.0 */
/* `acquire --chain': the snapshots of one volume, each as an image of its
 * own, with one case log over all of them. */
#ifndef EBSIMG_CASE_SERIES_H
#define EBSIMG_CASE_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct acquire_options;

#define SERIES_MAX 1000 /* snapshots that can be named */

/* `names': one snapshot or volume, whose volume's snapshots are meant; or
 * several snapshots, in the order in which they were taken.  The exit status,
 * or -1 with the error. */
int series_run(const struct acquire_options *o, char **names, size_t n,
               struct err *e);

/* An image of each of `count' snapshots, `ids', in full and for itself;
 * `names' is what was asked for, `missing' (taken over) what is left out. */
struct notes;
int series_run_apart(const struct acquire_options *o, char **names, size_t n,
                     char **ids, size_t count, struct notes *missing,
                     struct err *e);

/* Is there a chain of this prefix, and no single run that did not finish? */
bool series_is_unfinished(const char *prefix);

/* Goes on with the chain of o->resume: images that are made stay as they are,
 * one that was begun is gone on with, the others are made.  `names' may be
 * those that it was begun with. */
int series_resume(struct acquire_options *o, char **names, size_t n,
                  struct err *e);

#endif
