/* SPDX-License-Identifier: Apache-2.0 */
/* Calls a finished E01 set that of a physical disk, after all: libewf writes
 * that flag with the first chunk, and only the last block may show that the
 * volume is a disk. */
#ifndef EBSIMG_IMAGE_EWF_MARK_H
#define EBSIMG_IMAGE_EWF_MARK_H

#include "base/err.h"

/* Every segment of the set whose first file is `first', with the checksum of
 * what is changed, to the disk.  A set that has the flag stays as it is.
 * ERR_VERIFY when a section is not what libewf writes: its segment is then
 * unchanged. */
int ewf_mark_physical(const char *first, struct err *e);

#endif
