/* SPDX-License-Identifier: Apache-2.0 */
/* The objects of a systemd journal, known by their bytes, anywhere.
 *
 * An object is at a multiple of 8: its type, flags, six zeros, its size.  An
 * entry has a number, times, the boot, a hash of all that it is of, and the
 * offsets in the file of its data, which are objects "FIELD=value".  Source of
 * facts: systemd, "Journal File Format".
 *
 * What is no entry by chance: of each are asked the eight bytes of type, flags
 * and zeros (64 bits), a size of less than 64 KiB (48), a number below 2^48
 * (16), a time of this century (12), and a time since boot of less than 2^48 us
 * (16): of 2^156 places with random bytes one passes, and 10 GiB have 2^30.3
 * places.  Where the data are may be overwritten. */
#ifndef EBSIMG_EVENTS_JOURNAL_OBJECT_H
#define EBSIMG_EVENTS_JOURNAL_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JOURNAL_XZ = 1, JOURNAL_LZ4 = 2, JOURNAL_KEYED = 4, JOURNAL_ZSTD = 8,
       JOURNAL_COMPACT = 16 };

#define JOURNAL_FEATURES 31u   /* those that we know */
#define JOURNAL_ENTRY_HEAD 64u
#define JOURNAL_ENTRY_MAX 65536u

/* The header of a file. */
struct journal_header {
    uint32_t features;         /* incompatible flags */
};

bool journal_header_at(struct journal_header *h, const unsigned char *p,
                       size_t n);

struct journal_entry {
    size_t size;
    uint64_t seqnum;
    int64_t realtime;          /* us since 1970 UTC */
    uint64_t hash;             /* of all data, each by itself, XORed */
    const unsigned char *items;
    size_t items_size;
};

/* Each form of an entry is one of the other, when its size allows it: which it
 * is says the header, or where its items lead. */
bool journal_entry_at(struct journal_entry *v, const unsigned char *p,
                      size_t n);

/* How many items, and item i: the offset in the file of its data. */
size_t journal_items(const struct journal_entry *v, bool compact);
uint64_t journal_item(const struct journal_entry *v, bool compact, size_t i);

struct journal_data {
    size_t size;
    bool is_compressed;
    uint64_t hash;
    uint64_t first_entry;      /* offset in the file; 0: none yet */
    const unsigned char *payload;
    size_t payload_size;
};

/* "FIELD=value", or something compressed. */
bool journal_data_at(struct journal_data *d, const unsigned char *p, size_t n,
                     bool compact);

/* Is p, of which n bytes are there, the beginning of an object, or nothing but
 * zeros, as behind the last one? */
bool journal_object_at(const unsigned char *p, size_t n);

#endif
