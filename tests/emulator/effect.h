/* SPDX-License-Identifier: Apache-2.0 */
/* What rules can do to an answer, besides making it an error. */
#ifndef EMULATOR_EFFECT_H
#define EMULATOR_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "fault.h"

enum effect {
    /* any operation */
    FX_LATENCY,    /* ms */
    FX_STALL,      /* s, before the answer */
    FX_STALL_BODY, /* s, in the middle of the body */
    FX_RESET,
    FX_RESET_BODY,
    FX_CLOSE,
    FX_REDIRECT,
    FX_CLOCK,       /* s */
    FX_TRUNCATE,    /* bytes sent of what Content-Length says */
    FX_SHORT,       /* bytes of body and Content-Length */
    FX_GARBAGE,
    FX_HUGE,        /* MiB */
    FX_DROP_HEADER, /* bits, see enum header_bit */
    FX_REPEAT,      /* enum repeat_place */
    /* blocks */
    FX_FLIP, /* which byte */
    FX_WRONG_CHECKSUM,
    FX_ALGORITHM,
    FX_DATA_LENGTH,
    /* pages */
    FX_STD_TOKENS,
    FX_PAGE_SIZE,
    FX_EMPTY_PAGE,
    FX_TRAILING_PAGE,
    FX_REPEAT_TOKEN,
    FX_BLANK_TOKEN,
    FX_OVERLAP,
    FX_DUPLICATE,  /* which block; -1: the first of the page */
    FX_DESCENDING, /* likewise */
    FX_UNLISTED,   /* likewise */
    FX_BEYOND,     /* index above the last of the volume */
    FX_SHIFT,      /* added to every index */
    FX_AGAINST,    /* effects.against */
    FX_DROP_TOKEN, /* 1: of the first snapshot, 2: of the second */
    FX_VOLUME_SIZE,
    FX_BLOCK_SIZE,
    FX_BLOCK_LIFE, /* s */
    FX_PAGE_LIFE,  /* s */
    FX_EXPIRE_BLOCKS,
    FX_EXPIRE_PAGES,
    /* EC2 and STS */
    FX_STATUS, /* enum snapshot_status */
    FX_TIER,   /* 0 standard, 1 archive */
    FX_CREDENTIAL_LIFE, /* s */
    FX_FULL_SIZE, /* blocks that EC2 counts; -1: it does not count */
    FX_COUNT,
};

enum header_bit {
    HEADER_CHECKSUM = 1,
    HEADER_ALGORITHM = 2,
    HEADER_DATA_LENGTH = 4,
    HEADER_REQUEST_ID = 8,
    HEADER_TYPE = 16,
    HEADER_DATE = 32,
};

#define EFFECTS_RULES 8

/* All that the rules have decided for one request. */
struct effects {
    uint64_t set; /* bits of enum effect */
    int64_t value[FX_COUNT];
    const char *against;  /* of FX_AGAINST: the id of a snapshot */
    const struct fault *fault; /* NULL: none */
    enum dialect dialect;
    enum fault_body body;
    const char *rules[EFFECTS_RULES]; /* the rules that fired */
    unsigned rule_count;
};

static inline bool effect_on(const struct effects *fx, enum effect e)
{
    return fx->set >> e & 1;
}

/* The value that a rule gave, or the other. */
static inline int64_t effect_or(const struct effects *fx, enum effect e,
                                int64_t other)
{
    return effect_on(fx, e) ? fx->value[e] : other;
}

#endif
