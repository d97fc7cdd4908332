/* SPDX-License-Identifier: Apache-2.0 */
/* Which of a run's files are together one image.  Pure. */
#ifndef EBSIMG_AUDIT_PIECES_H
#define EBSIMG_AUDIT_PIECES_H

#include "audit/run-record.h"

struct pieces {
    const char *last;  /* what follows the point in the last one's name */
    size_t count;      /* 0: the file is no piece of an image */
    uint64_t bytes;
};

/* The pieces that begin with files[0]; `files' are sorted by name. */
struct pieces pieces_from(const struct run_file *files, size_t n);

#endif
