/* SPDX-License-Identifier: Apache-2.0 */
/* Records and chunks of a Windows event log (EVTX), known by their bytes.
 *
 * A chunk is 65,536 bytes: a header of 512 with two checksums, records behind
 * each other, then whatever was there before.  A record is "**", two zeros,
 * its size, number and time, its event as binary XML, its size again.
 *
 * What is no record by chance: the mark (32 bits), a size (a multiple of 8
 * between 48 and 65,024: 19 bits), a time of this century (9 bits) and the
 * beginning of binary XML (32 bits) are asked of each, also of one whose end
 * was overwritten: of 2^92 places with random bytes one passes, and 10 GiB
 * have 2^30.3 places.  A chunk's mark, header size and two offsets take as
 * much before its checksums are looked at.
 *
 * Source of facts: [MS-EVEN6], and the documentation of libevtx. */
#ifndef EBSIMG_EVENTS_EVTX_RECORD_H
#define EBSIMG_EVENTS_EVTX_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVTX_CHUNK 65536u
#define EVTX_CHUNK_HEAD 512u
#define EVTX_RECORD_HEAD 24u

struct evtx_record {
    size_t at, size;           /* size: 0 when its end is overwritten or lies
                                * behind the bytes */
    uint64_t id;
    uint64_t time;             /* ns since 1970 UTC */
};

/* Is there one at p, of which n bytes are there?  `at' is left alone. */
bool evtx_record_at(struct evtx_record *r, const unsigned char *p, size_t n);

/* Where the chunk of the record at p lies, told by the template that is in the
 * record: how many bytes of the chunk are before it.  False: none is in it. */
bool evtx_record_place(const unsigned char *p, size_t size, size_t *before);

struct evtx_chunk {
    size_t free;               /* records are before it */
    uint64_t last_id;
    bool head_is_right, records_are_right; /* their checksums */
    bool is_cut;               /* bytes of it are missing */
};

/* Does a chunk begin at p, of which n bytes are there? */
bool evtx_chunk_at(struct evtx_chunk *c, const unsigned char *p, size_t n);

#endif
