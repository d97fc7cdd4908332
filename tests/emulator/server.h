/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that the requests share.  Nothing here changes after the
 * start; what the pointers lead to looks after itself. */
#ifndef EMULATOR_SERVER_H
#define EMULATOR_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct rules;
struct journal;
struct keyring;
struct tokens;
struct delay;

struct server {
    struct store *store;
    struct rules *rules;
    struct journal *journal; /* NULL: none is kept */
    struct keyring *keys;
    struct tokens *tokens;
    struct delay *delay;
    const char *region;
    const char *const *more_regions; /* that it stands for, too */
    size_t more_count;
    int64_t clock_offset;   /* ms */
    int64_t tolerance;      /* ms that a signature's date may be off */
    int64_t complete_delay; /* ms from CompleteSnapshot to completed */
    int64_t ready_delay;    /* ms from completed to readable, of uploads */
    bool tls;
};

bool server_has_region(const struct server *s, const char *region);

#endif
