/* SPDX-License-Identifier: Apache-2.0 */
/* One entry of a log, as a decoder finds it in some bytes, and what a decoder
 * is.
 *
 * All bytes and texts come from the disk: hostile.  A decoder checks each
 * length before it is used, takes time linear in the bytes, keeps no state
 * between calls, opens no file, writes to no terminal, and never fails over
 * what it finds: what is no entry is passed over.  Any thread, many at
 * once. */
#ifndef EBSIMG_EVENTS_EVENT_H
#define EBSIMG_EVENTS_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define US_PER_S INT64_C(1000000)

/* What the clock of the entry is. */
enum event_zone {
    EVENT_UTC,                 /* the format is always in UTC */
    EVENT_ZONE,                /* an offset stands in the entry; `time' is in
                                * UTC already, `minutes' is the offset */
    EVENT_LOCAL,               /* local time of a machine whose zone does not
                                * stand there; `time' as if it were UTC */
};

enum event_year {
    EVENT_YEAR_GIVEN,
    EVENT_YEAR_FROM_FILE,      /* not in the entry: from when the file was
                                * modified last */
    EVENT_YEAR_UNKNOWN,        /* `time' is in 1972, which has a 29 February */
};

struct event_text {
    const char *s;             /* not terminated; any bytes; the decoder's
                                * until the call is over.  NULL: none */
    size_t n;
};

struct event {
    int64_t time;              /* microseconds since 1970-01-01 */
    enum event_zone zone;
    int minutes;               /* east of Greenwich, of EVENT_ZONE */
    enum event_year year;
    const char *source;        /* "wtmp", "auth", "evtx": static text, a
                                * word of at most 12 letters */
    bool has_id;
    uint64_t id;               /* the record's own number */
    struct event_text host;    /* the machine that says so, if it is there */
    struct event_text text;    /* what happened, on one line as it should be */
    /* The bytes that tell this entry from all others and are the same
     * wherever it lies (in a file, moved, carved); NULL: its text is that. */
    const void *key;
    size_t key_size;
    size_t at, size;           /* of the record, in the bytes given */
    bool is_part;              /* something of it is missing: its end, its
                                * template, its message */
};

/* What may begin a margin before a run of bytes and still reach into it: no
 * record is longer (the largest is a chunk of EVTX). */
#define EVENT_MARGIN (256u * 1024)
/* So much of a file is given at once; a larger one comes in pieces that
 * overlap by EVENT_MARGIN. */
#define EVENT_SPAN_MAX (128u * 1024 * 1024)

/* What is looked through. */
struct event_span {
    const unsigned char *bytes;
    size_t size;
    bool is_file;              /* in the order of a file, whose beginning and
                                * end these are; false: any bytes of a volume
                                * or piece of a file, which may begin and end
                                * anywhere */
    const char *path;          /* of the file; NULL: not known */
    bool has_modified;
    int64_t modified;          /* the file, microseconds since 1970 UTC */
};

/* Who hears of it. */
struct event_out {
    void *ctx;
    /* Every entry of the bytes, in any order.  -1 ends it all. */
    int (*event)(void *ctx, const struct event *v, struct err *e);
    /* What there is and was not looked into, in a sentence without an end:
     * "the file is encrypted".  At most one or two for a span. */
    void (*note)(void *ctx, const char *text);
};

struct event_decoder {
    const char *name;
    /* By name and first bytes (all of a small file): is the whole file one of
     * these? */
    bool (*probe)(const char *path, const unsigned char *head, size_t n);
    /* A file of this kind.  -1 when event() failed or memory did. */
    int (*decode)(const struct event_span *s, const struct event_out *o,
                  struct err *e);
    /* Any bytes, from a multiple of 4096 on the volume, where entries may be
     * among others: only what cannot be chance.  NULL: entries of this kind
     * cannot be told there. */
    int (*carve)(const struct event_span *s, const struct event_out *o,
                 struct err *e);
};

/* decoders.c: all there are, in the order in which files are tried. */
extern const struct event_decoder *const event_decoders[];
extern const size_t event_decoder_count;

#endif
