/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for snapshots: by what they must have, and around what.  Pure.
 *
 * Filters, not ids: for a thing that is gone EC2 answers a filter with an
 * empty list and an id with an error. */
#ifndef EBSIMG_EBS_EC2_SEARCH_H
#define EBSIMG_EBS_EC2_SEARCH_H

#include "base/err.h"
#include "ebs/ec2-request.h"
#include "ebs/xmllist.h"

struct ec2_search {
    const char *const *owners;    /* "self" or accounts; none: whoever's, and
                                   * then a filter must say which ones */
    size_t nowners;
    const struct ec2_filter *filters;
    size_t nfilters;
};

/* A page of snapshots, read by ec2_parse_snapshots(). */
void ec2_search_snapshots(struct call *c, const struct ec2_search *s,
                          const char *next);

/* Instances, volumes or machine images (deprecated and disabled ones, too) by
 * their ids, at most EC2_FILTER_VALUES: see ec2-around.h for the answers. */
void ec2_search_instances(struct call *c, const char *const *ids, size_t n,
                          const char *next);
void ec2_search_volumes(struct call *c, const char *const *ids, size_t n,
                        const char *next);
void ec2_search_images(struct call *c, const char *const *ids, size_t n,
                       const char *next);

struct ec2_region {
    char *name;               /* such as regions have: checked */
};

/* The regions that the account has switched on. */
void ec2_describe_regions(struct call *c);
/* Their list, in the order of their names; there is one at least.
 * ERR_SERVICE when it makes no sense.  Free both in either case. */
int ec2_parse_regions(const char *xml, size_t n, struct xmllist *out,
                      char **next, struct err *e);
void ec2_regions_free(struct xmllist *l);

static inline const struct ec2_region *ec2_region_at(const struct xmllist *l,
                                                     size_t i)
{
    return (const struct ec2_region *)l->items + i;
}

#endif
