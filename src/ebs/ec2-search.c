/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/ec2-search.h"

#include <stdlib.h>
#include <string.h>

#include "aws/endpoint.h"
#include "base/xml.h"

void ec2_search_snapshots(struct call *c, const struct ec2_search *s,
                          const char *next)
{
    ec2_begin(c, "DescribeSnapshots");
    ec2_add_list(c, "Owner", s->owners, s->nowners);
    for (size_t i = 0; i < s->nfilters; i++)
        ec2_add_filter(c, i + 1, &s->filters[i]);
    call_form(c, "MaxResults", EC2_SNAPSHOTS_PAGE);
    ec2_add_next(c, next);
}

static void search(struct call *c, const char *action,
                   const struct ec2_filter *f, const char *next)
{
    ec2_begin(c, action);
    ec2_add_filter(c, 1, f);
    ec2_add_next(c, next);
}

void ec2_search_instances(struct call *c, const char *const *ids, size_t n,
                          const char *next)
{
    search(c, "DescribeInstances",
           &(struct ec2_filter){ "instance-id", ids, n }, next);
}

void ec2_search_volumes(struct call *c, const char *const *ids, size_t n,
                        const char *next)
{
    search(c, "DescribeVolumes",
           &(struct ec2_filter){ "volume-id", ids, n }, next);
}

void ec2_search_images(struct call *c, const char *const *ids, size_t n,
                       const char *next)
{
    search(c, "DescribeImages",
           &(struct ec2_filter){ "image-id", ids, n }, next);
    call_form(c, "IncludeDeprecated", "true");
    call_form(c, "IncludeDisabled", "true");
}

/* --------------------------------------------------------------- regions */

#define REGION "DescribeRegionsResponse/regionInfo/item"

static const struct xml_field region_rows[] = {
    { REGION "/regionName", XML_TEXT, offsetof(struct ec2_region, name),
      true },
};

static const struct xmllist_kind regions = {
    .name = "regions",
    .root = "DescribeRegionsResponse",
    .item = REGION,
    .fields = { region_rows, 1 },
    .size = sizeof(struct ec2_region),
    .max = 200,
};

void ec2_describe_regions(struct call *c)
{
    ec2_begin(c, "DescribeRegions");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct ec2_region *)a)->name,
                  ((const struct ec2_region *)b)->name);
}

/* A name becomes a part of a host name. */
static int check(const struct xmllist *l, struct err *e)
{
    if (!l->count)
        return err_set(e, ERR_SERVICE, 0, "EC2 names no region");
    for (size_t i = 0; i < l->count; i++) {
        const char *name = ec2_region_at(l, i)->name;

        if (!endpoint_region_valid(name))
            return err_set(e, ERR_SERVICE, 0, "EC2 names a region \"%.64s\", "
                           "which is no name of one", name);
        if (i && strcmp(ec2_region_at(l, i - 1)->name, name) == 0)
            return err_set(e, ERR_SERVICE, 0, "EC2 names region %s twice",
                           name);
    }
    return 0;
}

int ec2_parse_regions(const char *xml, size_t n, struct xmllist *out,
                      char **next, struct err *e)
{
    if (xmllist_read(&regions, xml, n, out, next, e) < 0)
        return -1;
    if (out->count)
        qsort(out->items, out->count, sizeof(struct ec2_region), by_name);
    return check(out, e);
}

void ec2_regions_free(struct xmllist *l)
{
    xmllist_free(&regions, l);
}
