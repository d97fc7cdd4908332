/* SPDX-License-Identifier: Apache-2.0 */
/* All records of some files and folders, one by one, and what is to be said
 * of the files in the end. */
#ifndef EBSIMG_READERS_GATHER_H
#define EBSIMG_READERS_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/notes.h"
#include "base/option.h"
#include "base/text.h"
#include "readers/crowd.h"
#include "readers/seen.h"
#include "trail/reading.h"
#include "trail/cloudtrail.h"

struct gather {
    /* A record; `a' is NULL when it is not about the reading of a snapshot.
     * -1 ends all. */
    int (*take)(void *ctx, const cJSON *record, const struct reading *a,
                struct err *e);
    void *ctx;
    struct trail trail;       /* its counts of what is not used */
    struct notes notes;       /* the same in sentences, and more */
    struct seen seen;
    uint64_t readings;        /* records about the reading of snapshots, */
    uint64_t data;            /* but for the decryption of keys; */
    uint64_t no_source;       /* records that name no service: of what their
                               * calls were nobody can say */
    uint64_t copies;          /* of all: those that came once more */
    uint64_t first, last;     /* of `data', seconds since 1970, or 0 */
    bool incomplete;          /* something of it could not be used */
};

/* Begins with take and ctx set and all else zero.  What is in files that are
 * no records is in the notes. */
int gather_read(struct gather *g, const struct option_list *files,
                struct err *e);
void gather_free(struct gather *g);

/* 1: a copy of this record was there before; 0; -1. */
int gather_again(struct gather *g, const struct reading *a, struct err *e);

/* What of a crowd had no room, and what the files as a whole suggest. */
int gather_notes(struct gather *g, const struct crowd *c, struct err *e);

/* Members of an open object: counts, and the notes. */
void gather_json(const struct gather *g, struct text *t);

#endif
