/* SPDX-License-Identifier: Apache-2.0 */
/* Files that the user names and that may be anything: read from the first
 * byte to the last, and never a reason to hang.
 *
 * A regular file is read as it is.  A pipe (a shell's <(...), a FIFO) or a
 * terminal is waited for: 5 s for somebody who writes into it, 60 s for the
 * next byte from one who does.  The first signal ends every wait. */
#ifndef EBSIMG_BASE_INLET_H
#define EBSIMG_BASE_INLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct inlet {
    int fd;
    const char *path;   /* the caller's: for messages */
    bool waits;         /* it is no regular file */
    bool whole;         /* 60 s are for all of it, not for each piece */
    uint64_t since;     /* monotonic ns: the wait began then */
    uint64_t bytes;     /* that have come */
};

/* `path' must stay.  ERR_USAGE when it cannot be opened, or is a folder or a
 * disk.  Close it in either case. */
int inlet_open(struct inlet *in, const char *path, struct err *e);
void inlet_close(struct inlet *in);

/* At most n bytes, at least one of them unless it is at its end: 0 is the
 * end, -1 an error: ERR_INTERRUPTED, else ERR_USAGE. */
long inlet_read(struct inlet *in, void *buf, size_t n, struct err *e);

#define autoinlet __attribute__((cleanup(inlet_close)))

#endif
