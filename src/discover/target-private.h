/* SPDX-License-Identifier: Apache-2.0 */
/* How the two files of a search for targets know each other. */
#ifndef EBSIMG_DISCOVER_TARGET_PRIVATE_H
#define EBSIMG_DISCOVER_TARGET_PRIVATE_H

#include "discover/list-private.h"
#include "discover/target.h"

struct finder {
    struct service_options *options;
    const struct target_choice *choice;
    uint64_t at;
    struct service service;
    bool open;
    struct targets *out;
};

/* One thing that was named, and its snapshots in the order of their volumes
 * and times. */
struct found {
    const char *name;
    enum resource kind;
    const struct row *rows;
    size_t count;
};

/* Unless it is there already.  Takes `how' over, in any case. */
int target_add(struct targets *t, const char *snapshot, char *how,
               struct err *e);

/* Adds those that are chosen; ERR_USAGE when there is a choice and nobody
 * made it. */
int target_choose(struct finder *find, const struct found *f, struct err *e);

#endif
