/* SPDX-License-Identifier: Apache-2.0 */
/* Where the file of an entry of a systemd journal begins, and its data by that.
 *
 * An entry names its data by offsets in the file.  In a fragment of a file
 * nobody knows from where they count, and what lies there may be of another
 * file: a wrong text.  So data are told when it is proven that they are the
 * entry's:
 *
 *   - all are there, and their hashes together are the entry's (64 bits); or
 *   - the items are not compact, and the hash that one names is the data's; or
 *   - the entry and two of its data agree: one says that it came into the file
 *     by this entry, the other so, too, or that it came by another one, which
 *     is there and names it.  Each that says so is told, no other.
 *
 * The last finds the beginning, too: data lie just before the entry by which
 * they came, and know its offset.  Where a file is given whole its header says
 * it all. */
#ifndef EBSIMG_EVENTS_JOURNAL_ORIGIN_H
#define EBSIMG_EVENTS_JOURNAL_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "events/journal-object.h"
#include "events/journal-text.h"

#define JOURNAL_RECENT 32u

struct journal_bytes {
    const unsigned char *bytes;
    size_t size;
    /* How many bytes may still be hashed: many entries may name the same. */
    uint64_t budget;
    bool has_origin;           /* a guess, but for a whole file: */
    bool is_file;              /* ... the header says it */
    bool is_closed;            /* of a file that we do not know how to read */
    int64_t origin;            /* in these bytes; before them: negative */
    bool compact;
    size_t recent[JOURNAL_RECENT]; /* data that were met last */
    unsigned met;
};

/* What the data of an entry are. */
struct journal_found {
    struct journal_fields fields;
    unsigned landed, missing;  /* no data where it should be */
    unsigned unproven;         /* of those that landed: not told */
    unsigned compressed;
    bool is_proven;            /* they are its own */
    bool is_altered;           /* all are there, with another hash */
};

void journal_origin_init(struct journal_bytes *b, const unsigned char *bytes,
                         size_t size);

/* Data, in whatever form, is at `at'. */
void journal_origin_met(struct journal_bytes *b, size_t at);

/* The data of the entry at `at'; b's origin is then theirs, if they are
 * proven. */
void journal_origin_find(struct journal_bytes *b, size_t at,
                         const struct journal_entry *v,
                         struct journal_found *f);

#endif
