/* SPDX-License-Identifier: Apache-2.0 */
/* The text of AWS's shared files (config, credentials), parsed.  Pure.
 *
 * Sections in brackets (what stands behind them does not count), "key =
 * value" and "key: value", comments: lines that begin with # or ;, and what
 * follows a blank and one of these in a value.  An indented line goes on with
 * the value above; below a key without a value it is a key of its own.  What
 * is there twice counts as it stands last.  A line that makes no sense
 * spoils its section alone: see profile_check(). */
#ifndef EBSIMG_AWS_PROFILE_H
#define EBSIMG_AWS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct profile;

/* `file' is for messages; it and the text are copied.  NULL when there is no
 * memory. */
struct profile *profile_parse(const char *text, size_t n, const char *file,
                              struct err *e);
/* Stands for a file that cannot be read, for the reason in `why'. */
struct profile *profile_unreadable(const struct err *why, struct err *e);
void profile_free(struct profile *p); /* wipes: there are secrets in it */

/* `section' as "default", "profile lab", "services local"; blanks and quotes
 * in the file do not matter. */
bool profile_has(const struct profile *p, const char *section);

/* Can what the section says be believed?  -1: ERR_USAGE with file and line of
 * the first thing that makes no sense, in it or above the first section. */
int profile_check(const struct profile *p, const char *section,
                  struct err *e);

/* Values, NULL when absent; keys in small letters.  `above' is the key that
 * an indented key belongs to, NULL for an ordinary one.  Several lines of a
 * value are parted by line ends. */
const char *profile_get(const struct profile *p, const char *section,
                        const char *above, const char *key);

#endif
