/* SPDX-License-Identifier: Apache-2.0 */
/* How the files of one run of `ebsimg list' know each other. */
#ifndef EBSIMG_DISCOVER_LIST_PRIVATE_H
#define EBSIMG_DISCOVER_LIST_PRIVATE_H

#include "base/names.h"
#include "discover/hold.h"
#include "discover/show.h"
#include "discover/wanted.h"
#include "ebs/ec2-around.h"

/* Where a volume is attached. */
struct place {
    char *volume, *instance, *device;
};

struct places {
    struct place *list;
    size_t count, room;
};

/* A right that is missing: said once, and not asked for again. */
enum detail { DETAIL_PLACE, DETAIL_LOCK, DETAIL_SHARING, DETAIL_TIER,
              DETAILS };

struct list {
    const struct list_options *opt;
    struct wanted wanted;
    struct service *service;      /* of the region that is asked */
    const char *region;
    struct show show;
    struct hold hold;
    struct notes notes;
    char *account;                /* whose keys these are; NULL: not known */
    bool reserve;                 /* what is shown may not be all */
    bool whole;                   /* all must be held at once */
    bool parts;                   /* put in order in parts */
    bool seen[OPTION_LIST_MAX];   /* snapshots that were named, */
    bool seen_instance[OPTION_LIST_MAX]; /* instances, */
    bool seen_image[OPTION_LIST_MAX];    /* images: in any region */
    /* Of the region that is asked: */
    struct places places;
    struct ids volumes, snapshots; /* that are looked for, when by_... */
    bool by_volume, by_snapshot;
    struct ids missing;           /* snapshots of images, not seen yet */
    uint64_t undated;             /* shown without a start time that counts */
    bool refused[DETAILS];
    unsigned refusals;            /* of sharing, one after the other */
};

/* A question whose answer is a list, page by page. */
struct list_question {
    void (*fill)(struct call *c, const void *what, const char *next);
    int (*parse)(const char *xml, size_t n, struct xmllist *out, char **next,
                 struct err *e);
    void (*free)(struct xmllist *l);
    const void *what;
    const char *name;             /* "snapshots": for the note that the list
                                   * does not end */
    /* Once for each page; may take things out of it. */
    int (*use)(void *ctx, struct xmllist *page, struct err *e);
    void *ctx;
};

int list_ask(struct list *l, const struct list_question *q, struct err *e);

/* Ids of one request, for list_question.what. */
struct some_ids {
    void (*fill)(struct call *c, const char *const *ids, size_t n,
                 const char *next);
    const char *const *ids;
    size_t n;
};
void list_fill_ids(struct call *c, const void *what, const char *next);

/* Nothing more can be asked or written: the run ends. */
bool list_is_fatal(const struct err *why);

/* Asks the region that is set, and shows or holds what comes; flushes what is
 * held in either case. */
int list_region(struct list *l, struct err *e);

/* What the options name in this region: volumes of instances and snapshots of
 * images.  places.c */
int list_resolve(struct list *l, struct err *e);
void list_forget_region(struct list *l);

/* Where a volume is attached; how far that is known is `place' of the row. */
int list_add_place(struct list *l, const char *volume, const char *instance,
                   const char *device, struct err *e);
void list_set_place(const struct list *l, struct row *r);
void list_forget_places(struct list *l);

/* Asks for all that the options mean, once list_resolve() has been there: each
 * page into `hold'.  ask.c */
int list_search(struct list *l, struct err *e);

/* Fills in what --details wants of these rows.  details.c */
int list_details(struct list *l, struct row *rows, size_t n, struct err *e);

#endif
