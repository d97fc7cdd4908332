/* SPDX-License-Identifier: Apache-2.0 */
/* All that was found, on one side or both, and what became of it from A to B.
 *
 * What is kept of a hit is its place, its SHA-256 and a few characters; the
 * secret itself only when it is to be written to a file, and it is wiped. */
#ifndef EBSIMG_SCAN_HITS_H
#define EBSIMG_SCAN_HITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A disk made for it has more than memory has room for. */
#define HITS_MAX ((size_t)200000)
#define HITS_SECRETS_MAX ((size_t)64 << 20) /* bytes of secrets */

#define HIT_SHOWN 4            /* characters of a secret at most that are
                                * shown, and only of one with at least ... */
#define HIT_SHOWN_FROM 20      /* ... so many */

#define HIT_SUBJECT_LONG 20    /* characters */
#define HIT_WITHHELD "(withheld)"

enum hit_state {
    HIT_FOUND,                 /* there is one side only */
    HIT_NEW,                   /* nowhere in what was scanned of A */
    HIT_GONE,                  /* nowhere in what was scanned of B */
    HIT_MOVED,                 /* one place of A against one of B */
    HIT_COPY_NEW,              /* one place more in B */
    HIT_COPY_GONE,             /* one place fewer in B */
    HIT_UNCHANGED,             /* the same place on both sides */
    HIT_UNCLEAR,               /* the other side could not be read there */
    HIT_STATES
};

extern const char *const hit_state_names[HIT_STATES]; /* "found" ... */

enum hit_encoding { HIT_ASCII, HIT_UTF16LE, HIT_BYTES };

struct hit {
    uint64_t offset;           /* of the secret on its volume, bytes */
    uint64_t length;           /* there */
    uint64_t match, match_end; /* of the whole match, there */
    uint64_t subject_at, subject_end; /* there; the same: it has none */
    uint64_t other;            /* HIT_MOVED: where it was in A */
    uint32_t rule;             /* lower ones have precedence */
    uint8_t side;              /* 0: A, 1: B */
    uint8_t encoding;
    bool cut;                  /* it may go on with a character that was not
                                * read: what is known is of a part */
    bool fuzzy;                /* its rule is: others have precedence */
    bool apart;                /* of a rule that no other precedes, and
                                * whose hits are held against its own */
    uint8_t state;
    bool hidden;               /* another hit tells it */
    uint64_t reach;            /* private to hits.c */
    unsigned char sha256[32];  /* of the secret in ASCII */
    uint32_t characters;
    char shown[HIT_SHOWN + 1]; /* "" or its beginning, printable ASCII */
    /* NULL, or printable ASCII; HIT_WITHHELD for what may be a secret itself:
     * it has a byte in one that was found, or is long and without a dot. */
    char *subject;
    unsigned char *secret;     /* NULL unless they are kept */
};

struct hits {
    struct hit *list;
    size_t count, room;
    bool keep_secrets;
    size_t kept;               /* bytes of secrets */
    uint64_t dropped;          /* hits that there was no room for */
    uint64_t states[HIT_STATES]; /* after hits_judge(): how many of each that
                                  * are not hidden */
};

/* The texts of one, as they are found. */
struct hit_text {
    const unsigned char *secret, *subject;
    size_t secret_len, subject_len; /* subject_len 0: none */
};

/* Takes `h' with what is filled in of it up to `apart'. */
int hits_add(struct hits *s, const struct hit *h, const struct hit_text *t,
             struct err *e);

/* When all are there: one hit for one secret, states, in order of the offset.
 * `lost' says whether that place of a side could not be read. */
void hits_judge(struct hits *s, unsigned sides,
                bool (*lost)(void *ctx, unsigned side, uint64_t from,
                             uint64_t to),
                void *ctx);

void hits_free(struct hits *s);

#endif
