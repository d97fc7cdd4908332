/* SPDX-License-Identifier: Apache-2.0 */
/* How the files of one run of `ebsimg preflight' know each other. */
#ifndef EBSIMG_PREFLIGHT_PREFLIGHT_PRIVATE_H
#define EBSIMG_PREFLIGHT_PREFLIGHT_PRIVATE_H

#include <stdint.h>

#include "ebs/ec2.h"
#include "ebs/page.h"
#include "ebs/sts.h"
#include "preflight/check.h"
#include "preflight/preflight.h"

/* What is known of one snapshot that was named. */
struct subject {
    const char *id;
    struct ec2_snapshot facts;    /* as EC2 tells it, */
    bool known;                   /* when it did */
    bool listed;                  /* a page of its list has come, */
    bool any;                     /* with a block: */
    uint32_t index;
    char token[TOKEN_MAX + 1];
    enum check_answer key;        /* what EBS's answers say about its key, */
    char *key_says;               /* in its words, or NULL */
};

struct preflight {
    const struct preflight_options *opt;
    const struct policy_wish *wish;
    struct service service;
    struct sts_identity caller;   /* all NULL: not known */
    struct subject *subjects;     /* the snapshots */
    size_t n;
    struct checks checks;
    bool asked[AWS_SERVICES], answered[AWS_SERVICES];
    char tls[AWS_SERVICES][16];   /* of the last answer; "": not known */
};

/* Sends p->service.call, which was filled in.  0, or 1 with `why' when the
 * answer is no or there was none: a row of the table; -1 for what makes every
 * other question useless. */
int preflight_question(struct preflight *p,
                       int (*take)(void *ctx, const struct call *c,
                                   struct err *e),
                       void *ctx, struct err *why, struct err *e);

/* Each adds the rows of its part. */
int preflight_rights(struct preflight *p, struct err *e);
int preflight_spares(struct preflight *p, struct err *e);
int preflight_folder(struct preflight *p, struct err *e);
int preflight_way(struct preflight *p, struct err *e);

/* All of it to standard output. */
int preflight_show(const struct preflight *p, struct err *e);

#endif
