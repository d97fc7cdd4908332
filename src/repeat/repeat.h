/* SPDX-License-Identifier: Apache-2.0 */
/* Would somebody else have got the same?  An image is compared, byte for byte,
 * with what another program made of the same volume, or with the snapshot,
 * which is read once more.  Every block of the image is proved by its manifest
 * while it is read (volume/read.h), so that the two are compared with that,
 * too. */
#ifndef EBSIMG_REPEAT_REPEAT_H
#define EBSIMG_REPEAT_REPEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "fetch/service.h"
#include "seal/seal.h"
#include "show/progress.h"
#include "volume/read.h"
#include "volume/volume.h"

struct repeat_options {
    const char *against;       /* a raw or E01 image; NULL: not asked for */
    bool remote;
    uint64_t sample;           /* blocks; OPTION_ALL */
    const char *seed;          /* hex; NULL: random */
    const char *log;           /* folder of the access log; NULL: this one */
    struct service_options service;
    bool custody;              /* leaves an event in the custody log */
    struct seal_options seal;  /* of that */
    int progress;
    bool json, quiet;
};

void repeat_defaults(struct repeat_options *o);

/* What was found out. */
struct repeat {
    const struct repeat_options *opt;
    const char *name;          /* as it was typed */
    struct volume own, other;
    struct volume_reader *own_reader, *other_reader;
    struct progress progress;
    char *access;              /* path of the access log, or NULL */
    char access_head[2 * LOG_HASH + 1];
    uint64_t seed;
    uint64_t compared;
    uint64_t different;        /* of these */
    uint64_t first, first_byte; /* of the first that differs */
    uint64_t unread;           /* blocks that were unreadable then: not
                                * compared */
    uint64_t unlisted, added;  /* blocks that only the manifest has, or only
                                * the service's list */
    uint64_t first_listed;     /* the first of these */
};

/* The exit status: 0, 1 when blocks were unreadable when the image was
 * acquired (or the entry in the custody log has no time stamp), 7 when
 * something differs; or -1.  The result goes behind what is in `out'. */
int repeat_run(const struct repeat_options *o, const char *name,
               struct text *out, struct err *e);

/* ------------------------------------------------------------- its parts */

/* blocks.c: one block of both, of which *n bytes are in both. */
int repeat_block(struct repeat *r, uint64_t index, struct err *e);
void repeat_show(struct repeat *r, uint64_t done);

/* against.c, remote.c: opens the other side and compares. */
int repeat_against(struct repeat *r, struct err *e);
int repeat_remote(struct repeat *r, struct err *e);

/* sample.c: n of the blocks in the set, by a seed that makes the same choice
 * each time (doc/ebsimg-verify.1).  NULL: no memory. */
struct blockset *repeat_sample(const struct blockset *from, uint64_t n,
                               uint64_t seed, struct err *e);
int repeat_seed(const char *hex, uint64_t *seed, struct err *e);

/* tell.c */
bool repeat_differs(const struct repeat *r);
void repeat_tell(const struct repeat *r, struct text *t);
void repeat_json(const struct repeat *r, struct text *t);
/* In a sentence, for the custody log. */
void repeat_detail(const struct repeat *r, struct text *t);
/* What it was compared with. */
const char *repeat_with(const struct repeat *r);

#endif
