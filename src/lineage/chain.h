/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg chain': the questions (chain-ask.c), the comparisons
 * (chain-probe.c), and what is shown (chain-show.c). */
#ifndef EBSIMG_LINEAGE_CHAIN_H
#define EBSIMG_LINEAGE_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/notes.h"
#include "base/option.h"
#include "ebs/pager.h"
#include "fetch/service.h"
#include "lineage/lineage.h"
#include "trail/cloudtrail.h"

struct chain_options {
    struct service_options service;
    struct option_list cloudtrail;
    uint64_t probes;
    bool json, dot;
};

struct chain {
    const struct chain_options *opt;
    const char *target;
    struct service service;
    struct trail trail;
    struct lineage lineage;
    uint64_t questions;      /* to EC2 */
    uint64_t probes;         /* ListChangedBlocks calls made */
    uint64_t left_out;       /* pairs that --probes did not allow */
    bool unlisted;           /* not all snapshots of a volume were listed */
    struct notes notes;      /* what the reader must know */
};

/* Asks, compares and shows.  The exit status, or -1. */
int chain_run(const struct chain_options *opt, const char *target,
              struct err *e);

/* Opens the service and asks EC2, no more; then lineage_finish() was done.
 * chain_free() in either case. */
int chain_explore(struct chain *c, struct err *e);
void chain_free(struct chain *c);

/* Asks EC2 about everything that the line leads to. */
int chain_ask(struct chain *c, struct err *e);
/* Every snapshot of the account here, for chain_probe() to try: the page that
 * comes.  Free *out in either case: when the list goes round in a circle, it
 * has what the page says all the same. */
int chain_ask_owned(struct chain *c, const char *owner, const char *volume,
                    struct pager *p, struct xmllist *out, struct err *e);

/* Asks EBS which snapshots it can compare; after chain_explore(). */
int chain_probe(struct chain *c, struct err *e);

/* All of it to standard output. */
int chain_show(const struct chain *c, struct err *e);

#endif
