/* SPDX-License-Identifier: Apache-2.0 */
/* Which snapshots are looked for.  Options of one kind are alternatives,
 * options of different kinds narrow down. */
#ifndef EBSIMG_DISCOVER_WANTED_H
#define EBSIMG_DISCOVER_WANTED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/resource.h"
#include "discover/options.h"
#include "ebs/ec2-search.h"

/* A list of ids, each once, in the order in which they came. */
struct ids {
    char (*list)[RESOURCE_ROOM];
    const char **names;      /* the same, for requests: ids_names() */
    size_t count, room;
};

/* So many devices have no instances and images that 64 options name. */
#define IDS_MAX 20000u

bool ids_has(const struct ids *s, const char *id);
/* Once is enough; -1: no memory, or ERR_SERVICE behind IDS_MAX. */
int ids_add(struct ids *s, const char *id, struct err *e);
/* Drops those that the other one has not. */
void ids_keep(struct ids *s, const struct ids *other);
int ids_take(struct ids *s, const struct option_list *from, struct err *e);
const char *const *ids_names(struct ids *s, struct err *e);
void ids_free(struct ids *s);

/* Tags, as EC2 filters them: of one key any of the values, and each key. */
struct wanted_tag {
    char *name;              /* "tag:KEY" */
    const char *values[OPTION_LIST_MAX];
    size_t count;
};

struct wanted {
    const struct list_options *opt;
    struct wanted_tag tags[OPTION_LIST_MAX];
    size_t ntags;
    uint64_t from, to;       /* ns; 0: no bound */
    const char *owners[OPTION_LIST_MAX];
    size_t nowners;          /* 0: whoever's */
};

/* ERR_USAGE when an option makes no sense.  Free it in either case. */
int wanted_read(const struct list_options *opt, struct wanted *w,
                struct err *e);
/* "2026-08-01", or with a time in UTC; `rest' is what a day alone is taken
 * with.  NULL leaves *out.  ERR_USAGE names the option. */
int wanted_time(const char *option, const char *s, const char *rest,
                uint64_t *out, struct err *e);
#define WANTED_DAY_BEGINS "T00:00:00Z"
#define WANTED_DAY_ENDS "T23:59:59.999999999Z"
void wanted_free(struct wanted *w);

/* All of them are of the account whose keys are used. */
bool wanted_is_own(const struct wanted *w);

/* Something besides the snapshots' ids narrows down. */
bool wanted_narrows(const struct wanted *w);

#endif
