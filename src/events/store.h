/* SPDX-License-Identifier: Apache-2.0 */
/* The entries that were found, each once: with where it was, on each side, in
 * a file and on the volume.  One thread.
 *
 * Memory: a budget.  What is dropped when it is used up is counted, and then
 * nothing can be said of what is missing anywhere. */
#ifndef EBSIMG_EVENTS_STORE_H
#define EBSIMG_EVENTS_STORE_H

#include "events/event.h"

#define STORE_SIDES 2u
#define STORE_NOWHERE UINT64_MAX

/* Where an entry is on one side. */
struct store_place {
    const char *path;          /* of the first file with it; NULL: in none */
    uint64_t at;               /* in that file, decompressed */
    uint64_t files;            /* times it stands in files */
    uint64_t offset;           /* on the volume, carved; or STORE_NOWHERE */
};

struct store_event {
    int64_t time;
    int64_t match;             /* the same in a year that all have */
    const char *source, *host, *text; /* the store's; host may be NULL */
    uint64_t id;
    unsigned size;             /* bytes of the record */
    unsigned shown;            /* bytes of its text, also what was cut */
    unsigned char key[16];
    int16_t minutes;
    uint8_t zone, year;        /* enum event_zone, enum event_year */
    bool has_id, is_part;
    bool is_shadow;            /* it may be a piece of another entry ... */
    bool is_hidden;            /* ... and it is, surely: not told */
    struct store_place place[STORE_SIDES];
};

struct store {
    struct store_event *list;
    size_t count, room;
    uint32_t *slots;           /* 1 + index, by key */
    size_t slot_count;
    struct store_chunk *chunks; /* texts */
    uint64_t memory, budget;   /* bytes */
    uint64_t dropped;
};

void store_init(struct store *s, uint64_t budget);
void store_free(struct store *s);

/* A text for as long as the store lives.  NULL: no memory. */
const char *store_keep(struct store *s, const char *text, size_t n);

/* Found on a side: in the file `path' (kept), at `at' of it; or carved, path
 * NULL, at `at' of the volume. */
int store_add(struct store *s, unsigned side, const struct event *v,
              const char *path, uint64_t at, struct err *e);

/* After the last one: by time.  Carved pieces of entries that are there whole
 * become shadows of them. */
void store_sort(struct store *s);

#endif
