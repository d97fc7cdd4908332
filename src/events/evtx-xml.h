/* SPDX-License-Identifier: Apache-2.0 */
/* The binary XML of one record of a Windows event log: who says what, without
 * the tags.
 *
 * A chunk holds its texts once: a record says which template its event is of,
 * and the values; the template, and each name in it, lies where it was needed
 * first.  All offsets are from the beginning of the chunk.  Source of facts:
 * [MS-EVEN6] 2.2.12 ff. and 4.8; how the log stores templates and names: the
 * documentation of libevtx.
 *
 * All of it is hostile: a fragment may name itself a thousand times over, so
 * that steps, depth and text of a record are bounded (events/evtx-said.h). */
#ifndef EBSIMG_EVENTS_EVTX_XML_H
#define EBSIMG_EVENTS_EVTX_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "events/evtx-name.h"
#include "events/evtx-said.h"

void evtx_xml_free(struct evtx_xml *x);

/* Reads `size' bytes at `at' of the chunk, which are in the view, into *x,
 * whose texts it empties first, and whose budget it spends; false: no
 * memory. */
bool evtx_xml_read(struct evtx_xml *x, const struct evtx_view *v, size_t at,
                   size_t size);

#endif
