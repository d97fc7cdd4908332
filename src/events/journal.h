/* SPDX-License-Identifier: Apache-2.0 */
/* The systemd journal: whole files, and entries wherever they lie.
 *
 * Entries are found by their bytes (events/journal-object.h), in a file as
 * well: so those count that no table of the file names.  What one says is told
 * when its data prove that they are its own (events/journal-origin.h); else its
 * number and time alone.  In a file whose header says where it begins, data
 * whose hashes together are not the entry's are told with those words.
 *
 * Compressed data are not read: systemd compresses what has 512 bytes and more.
 * An entry whose message is compressed says so, and a note tells how many.
 * Bytes lie at multiples of 8. */
#ifndef EBSIMG_EVENTS_JOURNAL_H
#define EBSIMG_EVENTS_JOURNAL_H

#include "events/event.h"

extern const struct event_decoder journal_decoder;

#endif
