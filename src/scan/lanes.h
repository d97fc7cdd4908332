/* SPDX-License-Identifier: Apache-2.0 */
/* The threads of a scan: each takes a window, reads it on both sides, finds
 * out which of its blocks differ, and looks through those. */
#ifndef EBSIMG_SCAN_LANES_H
#define EBSIMG_SCAN_LANES_H

#include "scan/scan.h"

/* How many there are.  Where the service answers they wait more than they
 * work. */
unsigned lanes_count(const struct scan *s);

#endif
