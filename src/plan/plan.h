/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg plan': what acquisitions will take, before the first
 * block is fetched.  estimate.c computes, run.c asks, show.c shows. */
#ifndef EBSIMG_PLAN_PLAN_H
#define EBSIMG_PLAN_PLAN_H

#include "base/notes.h"
#include "ebs/ec2.h"
#include "fetch/choice.h"
#include "fetch/service.h"
#include "plan/estimate.h"

#define PLAN_SNAPSHOTS_MAX 1000

enum plan_order { ORDER_GIVEN, ORDER_SMALLEST, ORDER_LARGEST };

extern const char *const plan_order_words[];

struct plan_options {
    struct service_options service;
    struct target_choice which;
    const char *list_price, *block_price, *transfer_price; /* USD */
    uint64_t rate;           /* blocks a second; 0: none was measured */
    uint64_t digest_rate;    /* bytes a second; 0: to be measured */
    int order;               /* enum plan_order */
    bool exact, json;
};

struct plan_snapshot {
    const char *id;
    enum plan_count count;
    struct plan_volume volume;
    struct plan_estimate estimate;
    char *unusable;          /* NULL, or why it cannot be read */
    bool known;              /* EC2 told of it */
    uint64_t gib;            /* as EC2 tells, */
    struct xml_count full_size; /* and this */
};

struct plan {
    const struct plan_options *opt;
    struct service service;
    struct plan_prices prices;
    uint64_t digest;         /* bytes a second */
    struct plan_snapshot *snapshots; /* in the order of the work */
    size_t n;
    struct plan_estimate total;
    uint64_t listed;         /* ListSnapshotBlocks calls that were made */
    struct notes notes;
};

/* ERR_USAGE: a price is none. */
int plan_check(const struct plan_options *opt, struct err *e);

/* Asks and shows.  The exit status: 1 when one of them cannot be read, or its
 * blocks are not counted; or -1. */
int plan_run(const struct plan_options *opt, char **ids, int n,
             struct err *e);

/* All of it to standard output. */
int plan_show(const struct plan *p, struct err *e);

#endif
