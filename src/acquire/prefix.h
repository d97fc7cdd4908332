/* SPDX-License-Identifier: Apache-2.0 */
/* What --output means: the beginning of the names of all files. */
#ifndef EBSIMG_ACQUIRE_PREFIX_H
#define EBSIMG_ACQUIRE_PREFIX_H

#include "acquire/options.h"

/* Without --output it is `id', here; in a folder that exists it is `id' there.
 * The ending of an image is taken off, with a note: each format puts its own
 * behind.  A device is refused, ERR_USAGE: no image is written over one.  NULL
 * on failure; the caller frees it. */
char *prefix_of(const struct acquire_options *o, const char *id,
                struct err *e);

#endif
