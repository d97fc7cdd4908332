/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a path, in words that name the part of it. */
#ifndef EBSIMG_BASE_PATH_H
#define EBSIMG_BASE_PATH_H

#include "base/err.h"

/* Of a folder that cannot be, for ENOTDIR: ERR_DEST, which names the first
 * part of `folder' that is there and is no folder.  Always -1. */
int path_refuse(const char *folder, struct err *e);

#endif
