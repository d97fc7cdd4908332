/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures of a report, as HTML with inline SVG: no script, nothing from
 * elsewhere, and each can be read in black and white: what matters differs by
 * its pattern or its place.  Their size is bounded, whatever the volume. */
#ifndef EBSIMG_REPORT_DRAW_H
#define EBSIMG_REPORT_DRAW_H

#include "base/text.h"
#include "report/model.h"

/* What the others refer to: once in a page, before them. */
void draw_patterns(struct text *t);

/* The volume from its first byte to its last, in rows: in each column the
 * share of each kind; unreadable blocks in a lane of their own, and the
 * partitions above. */
void draw_map(struct text *t, const struct report *r);

/* Throughput, and below it the requests that did not end well. */
void draw_timeline(struct text *t, const struct report *r);

#endif
