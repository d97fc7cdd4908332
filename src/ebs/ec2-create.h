/* SPDX-License-Identifier: Apache-2.0 */
/* Making snapshots of volumes: CreateSnapshot and CreateSnapshots.  Pure.
 *
 * EC2: neither call has a client token.  A request that may or may not have
 * arrived must be looked for by a tag of its own before it is sent again. */
#ifndef EBSIMG_EBS_EC2_CREATE_H
#define EBSIMG_EBS_EC2_CREATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ebs/ec2-request.h"
#include "ebs/xmllist.h"

/* EC2: of a description, a tag's key and its value. */
#define EC2_DESCRIPTION_MAX 255
#define EC2_TAG_KEY_MAX 127
#define EC2_TAG_VALUE_MAX 255
#define EC2_TAGS_MAX 50

struct ec2_label {
    const char *key, *value;
};

struct ec2_order {
    const char *volume;             /* one volume, or */
    const char *instance;           /* all of an instance, at one moment */
    const char *description;        /* NULL: none */
    const struct ec2_label *labels; /* the tags that each one gets */
    size_t nlabels;
};

void ec2_create(struct call *c, const struct ec2_order *o);

/* Texts are as EC2 sent them, NULL when it said nothing. */
struct ec2_made {
    char *id;
    char *volume_id;
    char *state;                    /* pending */
    char *start_time;
    uint64_t gib;
};

/* The answer, which has one at least.  ERR_SERVICE when it makes no sense.
 * Free it in either case. */
int ec2_parse_made(const char *xml, size_t n, const struct ec2_order *o,
                   struct xmllist *out, struct err *e);
void ec2_made_free(struct xmllist *l);

#endif
