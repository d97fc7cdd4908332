/* SPDX-License-Identifier: Apache-2.0 */
/* What the requests to EC2 have in common: a form, filters, pages.  Pure. */
#ifndef EBSIMG_EBS_EC2_REQUEST_H
#define EBSIMG_EBS_EC2_REQUEST_H

#include <stddef.h>

#include "aws/aws.h"

/* EC2: as many values as a filter may have. */
#define EC2_FILTER_VALUES 200

/* A page of 100 snapshots with 50 tags of the longest kind each fits into the
 * limit of an answer. */
#define EC2_SNAPSHOTS_PAGE "100"

/* One of the values must fit; of several filters, each. */
struct ec2_filter {
    const char *name;
    const char *const *values;
    size_t n;                  /* at most EC2_FILTER_VALUES */
};

void ec2_begin(struct call *c, const char *action);

/* NAME.1 and so on. */
void ec2_add_list(struct call *c, const char *name,
                  const char *const *values, size_t n);

/* `number' is 1 for the first filter of a request. */
void ec2_add_filter(struct call *c, size_t number,
                    const struct ec2_filter *f);

/* NULL: the first page. */
void ec2_add_next(struct call *c, const char *next);

#endif
