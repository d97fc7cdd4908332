/* SPDX-License-Identifier: Apache-2.0 */
/* Windows event logs (EVTX): whole files, chunks wherever they lie, and records
 * without their chunk.
 *
 * Records lie at multiples of 8 of the volume, and so do the bytes that are
 * given.  A record's text is made of its chunk's template; one whose chunk is
 * lost still tells its number and time, and the text when the template is in
 * the records that follow each other there.  A text is never made of a template
 * or of names that are not proven to be its own (by number, by hash).
 *
 * A chunk whose checksums are wrong (that which is being written always is
 * one) is read all the same, each record for itself, and a note tells it. */
#ifndef EBSIMG_EVENTS_EVTX_H
#define EBSIMG_EVENTS_EVTX_H

#include "events/event.h"

extern const struct event_decoder evtx_decoder;

#endif
