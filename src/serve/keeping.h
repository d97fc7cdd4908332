/* SPDX-License-Identifier: Apache-2.0 */
/* The cache of what is served. */
#ifndef EBSIMG_SERVE_KEEPING_H
#define EBSIMG_SERVE_KEEPING_H

#include "base/private.h"
#include "volume/volume.h"

/* The folder: made when it is not there, and nobody else's.  NULL: none. */
int keeping_enter(struct private_folder *p, const char *path, struct err *e);

/* v->kept, of a snapshot that is learned and logged, in this folder, with so
 * many bytes at most (0: any number).  Without a folder, or of an image,
 * nothing. */
int keeping_open(const char *folder, uint64_t most, struct volume *v,
                 struct err *e);

#endif
