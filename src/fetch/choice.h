/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the snapshots of a volume or an instance a command is about: its
 * options.  discover/target.h makes the choice. */
#ifndef EBSIMG_FETCH_CHOICE_H
#define EBSIMG_FETCH_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

struct target_choice {
    bool latest, all;
    const char *at;
};

#define TARGET_ROWS(type, member) \
    { OPTION_GROUP, .help = "Which snapshots of a volume or an instance" }, \
    { OPTION_FLAG, 0, "latest", NULL, \
      "the newest one of each volume", offsetof(type, member.latest) }, \
    { OPTION_TEXT, 0, "at", "TIME", \
      "of each volume the newest one that was begun then or before:" \
      " 2026-08-01 (with all of its hours) or 2026-08-01T12:00:00Z", \
      offsetof(type, member.at) }, \
    { OPTION_FLAG, 0, "all", NULL, "all of them", \
      offsetof(type, member.all) }

#endif
