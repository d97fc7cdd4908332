/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time: milliseconds since 1970, UTC, and their many spellings. */
#ifndef EMULATOR_WHEN_H
#define EMULATOR_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#define WHEN_ROOM 40

enum when_form {
    WHEN_ISO,      /* 2026-08-01T12:00:00.000Z  (EC2) */
    WHEN_SECONDS,  /* 2026-08-01T12:00:00Z      (STS, CloudTrail) */
    WHEN_COMPACT,  /* 20260801T120000Z          (x-amz-date) */
    WHEN_HTTP,     /* Sat, 01 Aug 2026 12:00:00 GMT */
    WHEN_EPOCH,    /* 1.7855856E9               (EBS) */
};

int64_t when_now(void);

/* Milliseconds that only go forward, for delays and rates. */
int64_t when_monotonic(void);

const char *when_text(enum when_form form, int64_t when, char out[WHEN_ROOM]);

/* Reads WHEN_ISO, WHEN_SECONDS, WHEN_COMPACT and a date without a time. */
bool when_parse(const char *text, int64_t *out);

#endif
