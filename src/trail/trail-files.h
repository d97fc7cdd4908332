/* SPDX-License-Identifier: Apache-2.0 */
/* CloudTrail records from files and folders. */
#ifndef EBSIMG_TRAIL_TRAIL_FILES_H
#define EBSIMG_TRAIL_TRAIL_FILES_H

#include "base/notes.h"
#include "trail/cloudtrail.h"

/* Reads one file (plain or packed), or all that are in a folder and below,
 * into `t'.  What is in a file decides, not its name.  ERR_USAGE names the
 * file, or the folder when it has none.  Each file of a folder and each entry
 * of a file that is not used is counted in a note. */
int trail_read(struct trail *t, struct notes *notes, const char *path,
               struct err *e);

#endif
