/* SPDX-License-Identifier: Apache-2.0 */
/* The user's own YARA rules on a piece of memory, through libyara.
 *
 * A rule is asked of a piece of the volume, a window with its margins, and not
 * of a file: its condition must hold there, and what is told are the strings
 * that it found.  Modules that take the bytes for a file (pe, elf ...) would
 * parse in vain what anybody may have written, and are refused; so is
 * `include', so that the digest of the rules is of all of them.
 *
 * A build without libyara refuses a file with rules, and says so. */
#ifndef EBSIMG_SCAN_YARA_H
#define EBSIMG_SCAN_YARA_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Seconds that one piece may take; it is left then, and counted. */
#define YARA_SECONDS 60

struct yara;
struct yara_lane;

/* Of so many rule files, each with its text.  ERR_USAGE with the file, the
 * line and what is wrong there. */
struct yara_file {
    const char *path, *text;   /* terminated */
};
struct yara *yara_new(const struct yara_file *files, size_t n,
                      struct err *e);
void yara_free(struct yara *y); /* after its lanes; NULL is fine */

size_t yara_rules(const struct yara *y); /* how many; NULL: none */
/* "yara:NAME" of one of them, as long as `y' lives. */
const char *yara_rule_id(const struct yara *y, size_t rule);
/* "libyara 4.2.3", or "no libyara". */
const char *yara_version(void);

/* What one thread needs. */
struct yara_lane *yara_lane_new(const struct yara *y, struct err *e);
void yara_lane_free(struct yara_lane *l); /* NULL is fine */

/* Tells each string of each rule that holds for these bytes: where it is in
 * them.  -1 of `take' ends it.  ERR_INTERNAL: the library failed. */
int yara_scan(struct yara_lane *l, const unsigned char *bytes, size_t n,
              int (*take)(void *ctx, size_t rule, size_t at, size_t len,
                          struct err *e),
              void *ctx, struct err *e);

/* How many pieces took too long, were too complex for the rules, or had too
 * many matches of one string: not all of them is told. */
uint64_t yara_lane_gave_up(const struct yara_lane *l);

#endif
