/* SPDX-License-Identifier: Apache-2.0 */
/* A run of a window in which the sides differ: looked through on one side, as
 * it is and as text of two bytes a character. */
#ifndef EBSIMG_SCAN_SPAN_H
#define EBSIMG_SCAN_SPAN_H

#include "scan/scan.h"

struct span_work {
    struct scan *scan;
    struct engine_lane *engine; /* the calling thread's, or NULL */
    struct yara_lane *yara;     /* the same */
    const struct window_part *part;
    unsigned side;
    const unsigned char *bytes; /* of the window */
    unsigned char *text;        /* room for as many, and ... */
    unsigned char *narrow;      /* ... for half as many */
    uint64_t changed, changed_end; /* on the volume */
};

/* What begins in the window's own part and has a byte in the run becomes a
 * hit.  Any thread. */
int span_scan(struct span_work *w, struct err *e);

#endif
