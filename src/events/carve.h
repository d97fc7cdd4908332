/* SPDX-License-Identifier: Apache-2.0 */
/* Entries in blocks, whatever file they are of, or of none: in all blocks
 * that are stored, or of two in those that differ. */
#ifndef EBSIMG_EVENTS_CARVE_H
#define EBSIMG_EVENTS_CARVE_H

#include "events/events.h"

int carve_blocks(struct events *s, struct err *e);

#endif
