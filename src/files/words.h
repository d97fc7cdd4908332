/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a file, as words: its type and rights, a time, a path. */
#ifndef EBSIMG_FILES_WORDS_H
#define EBSIMG_FILES_WORDS_H

#include "files/wire.h"

extern const char *const type_words[FS_TYPES];       /* "file" ... */
extern const char *const time_words[FS_TIMES];       /* "modified" ... */

/* "-rw-r--r--", as ls has it; "?" where a file system has no rights. */
#define MODE_TEXT 11
char *mode_text(char *buf, const struct fs_entry *f);

/* "2026-11-30T18:00:00.123456789Z" of ns since 1970, also before. */
#define WHEN_TEXT 96
char *when_text(char *buf, int64_t ns);

/* Which file system: "partition 3", "volume vg/root in partition 3" or "the
 * volume"; shown. */
void part_text(const struct part_info *i, struct text *t);

#endif
