/* SPDX-License-Identifier: Apache-2.0 */
/* What a person has, an ARN, a volume, an instance or a machine image, becomes
 * snapshots.
 *
 * More than one snapshot behind it is a choice that wants to be named: it is
 * never made in silence.  Snapshots that begin at the same moment have no
 * order, and one without a time has none to any. */
#ifndef EBSIMG_DISCOVER_TARGET_H
#define EBSIMG_DISCOVER_TARGET_H

#include <stdbool.h>

#include "base/notes.h"
#include "base/resource.h"
#include "fetch/choice.h"
#include "fetch/service.h"

struct target {
    char snapshot[RESOURCE_ROOM];
    char *how;      /* "the latest of 3 of vol-..., /dev/xvda of i-...", or
                     * NULL: it was named itself */
};

struct targets {
    struct target *list;
    size_t count, room;
    char **ids;                /* the snapshots alone, for who takes those */
    char region[REGION_ROOM];  /* of the ARNs, or "" */
    struct notes missing;      /* what is left out: a volume without a
                                * snapshot, one that cannot be read; told on
                                * the terminal, too */
};

/* Finds those of all names, each snapshot once, and sets o->region when an ARN
 * names it; EC2 is asked only when another thing than snapshots is named.
 * Several where none was chosen are shown, and then it is ERR_USAGE.  Free it
 * in any case; it must outlive `o'. */
int targets_find(struct service_options *o,
                 const struct target_choice *choice, char **names, size_t n,
                 struct targets *out, struct err *e);
/* For who takes names of its own kinds: an ARN among them becomes the id that
 * it ends with, and sets o->region; what is none stays.  The same rules. */
int targets_plain(struct service_options *o, char **names, size_t n,
                  struct targets *out, struct err *e);
void targets_free(struct targets *t);

#endif
