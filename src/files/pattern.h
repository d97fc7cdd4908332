/* SPDX-License-Identifier: Apache-2.0 */
/* Which files are meant by a path or a pattern: `*', `?' and `[...]' do not
 * match a slash, and what matches a directory means all below it. */
#ifndef EBSIMG_FILES_PATTERN_H
#define EBSIMG_FILES_PATTERN_H

#include "base/option.h"
#include "files/wire.h"

/* In this part of the volume: where its file system knows no case, there is
 * none here. */
bool pattern_matches(const char *pattern, const char *path,
                     const struct part_info *i);

/* ERR_USAGE: it does not begin with a slash, or has a part that is `.' or
 * `..', which name nothing in a listing. */
int pattern_check(const char *pattern, struct err *e);
/* Without slashes that mean nothing, of one that pattern_check() likes; for
 * the caller to free.  NULL: no memory. */
char *pattern_clean(const char *pattern);

/* The directory below which all files of all patterns are. */
void pattern_common(const struct option_list *patterns, struct text *t);

#endif
