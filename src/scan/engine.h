/* SPDX-License-Identifier: Apache-2.0 */
/* All rules on a piece of memory at once: Hyperscan says where a match may
 * end, PCRE2 where it begins and what of it is the secret, and what looks
 * like a word, a placeholder or an example is left out (sift.h).
 *
 * Built without one of the two libraries there is no engine, and
 * engine_new() says so. */
#ifndef EBSIMG_SCAN_ENGINE_H
#define EBSIMG_SCAN_ENGINE_H

#include <stdint.h>

#include "base/err.h"
#include "scan/rules.h"

/* Bytes of the longest match.  Of the public rules only those without an upper
 * bound could match more. */
#define ENGINE_MATCH_MAX ((size_t)64 << 10)

struct engine;
struct engine_lane;

/* Where in the memory that was scanned. */
struct found {
    size_t rule;               /* its place in the rules */
    size_t start, end;         /* the match */
    size_t secret, secret_len;
    size_t subject, subject_len; /* 0 when the rule has none */
};

/* ERR_USAGE names the rule that one of the libraries refuses, or the library
 * that is missing.  `r' must outlive it. */
struct engine *engine_new(const struct rules *r, struct err *e);
void engine_free(struct engine *g); /* after its lanes; NULL is fine */

/* What one thread needs. */
struct engine_lane *engine_lane_new(const struct engine *g, struct err *e);
void engine_lane_free(struct engine_lane *l); /* NULL is fine */

/* Tells each match to `take', those of one rule in order and never overlapping;
 * -1 of it ends the scan.  ERR_INTERNAL: the libraries failed. */
int engine_scan(struct engine_lane *l, const unsigned char *bytes, size_t n,
                int (*take)(void *ctx, const struct found *f, struct err *e),
                void *ctx, struct err *e);

/* How often PCRE2 gave up at a place, which then was not looked into. */
uint64_t engine_lane_gave_up(const struct engine_lane *l);

/* "libhs 5.4.0, PCRE2 10.42", or "none". */
const char *engine_versions(void);

#endif
