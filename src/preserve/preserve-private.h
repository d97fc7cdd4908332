/* SPDX-License-Identifier: Apache-2.0 */
/* How the files of one run of `ebsimg snapshot' know each other. */
#ifndef EBSIMG_PRESERVE_PRESERVE_PRIVATE_H
#define EBSIMG_PRESERVE_PRESERVE_PRIVATE_H

#include <stdint.h>

#include "audit/log.h"
#include "base/option.h"
#include "base/resource.h"
#include "base/text.h"
#include "ebs/ec2-create.h"
#include "ebs/sts.h"
#include "preserve/preserve.h"

/* The tag that a request is found by. */
#define PRESERVE_TAG "ebsimg-request"
#define PRESERVE_TOKEN 33 /* 32 hex digits and a NUL */

#define PRESERVE_LABELS (OPTION_LIST_MAX + 5)
#define PRESERVE_VOLUMES 256

struct preserve_volume {
    char id[RESOURCE_ROOM];
    char device[64];              /* "" when nobody says */
    uint64_t gib;                 /* 0: not known */
};

struct preserve_made {
    char id[RESOURCE_ROOM], volume[RESOURCE_ROOM];
    char state[24], progress[8];
    uint64_t gib;
};

struct preserve {
    const struct preserve_options *opt;
    const char *target;
    struct service service;
    struct sts_identity caller;   /* all NULL: not known */
    struct preserve_volume volumes[PRESERVE_VOLUMES];
    size_t nvolumes;
    size_t bare;                  /* devices that are no volumes */
    char token[PRESERVE_TOKEN];   /* of this request */
    struct ec2_label labels[PRESERVE_LABELS];
    char *keys[PRESERVE_LABELS];  /* what of them is ours to free */
    struct ec2_order order;
    struct log *log;              /* NULL: nothing was begun */
    char *log_path;
    struct preserve_made made[PRESERVE_VOLUMES];
    size_t nmade;
    size_t expected;              /* so many were ordered, as far as is known */
    bool reserve;                 /* exit status 1 */
};

/* What there is to be preserved. */
int preserve_look(struct preserve *p, struct err *e);

/* Token, tags and description. */
int preserve_label(struct preserve *p, struct err *e);
void preserve_unlabel(struct preserve *p);

/* Says what will be made and what it costs, and has it allowed. */
int preserve_offer(struct preserve *p, struct err *e);

/* The log: begun before the first request, which waits until it is on the
 * disk. */
int preserve_log_begin(struct preserve *p, struct err *e);
int preserve_log_attempt(struct preserve *p, unsigned n, const char *outcome,
                         const struct err *why, struct err *e);
int preserve_log_look(struct preserve *p, size_t found, struct err *e);
int preserve_log_made(struct preserve *p, const struct preserve_made *m,
                      const char *told_by, struct err *e);
int preserve_log_state(struct preserve *p, const struct preserve_made *m,
                       struct err *e);
int preserve_warn(struct preserve *p, const char *text, struct err *e);
int preserve_log_end(struct preserve *p, const char *outcome,
                     const struct err *why, struct err *e);

/* Sends the order, once: what may have arrived is looked for, and only sent
 * again when nothing has. */
int preserve_order(struct preserve *p, struct err *e);

/* What EC2 shows with the tag of this request: new ones are added and logged,
 * known ones get their state.  *found, which may be NULL: how many. */
int preserve_see(struct preserve *p, size_t *found, struct err *e);

/* More or fewer snapshots than volumes are a reserve. */
int preserve_count(struct preserve *p, struct err *e);

/* Until all are completed, or the time is over. */
int preserve_wait(struct preserve *p, struct err *e);

/* Waits, or -1 with ERR_INTERRUPTED. */
int preserve_pause(uint64_t milliseconds, struct err *e);

bool preserve_done(const struct preserve *p);

/* The command that lists what this request has made. */
void preserve_add_list(const struct preserve *p, struct text *t);

/* Ids and the next command, to standard output. */
int preserve_show(const struct preserve *p, struct err *e);

#endif
