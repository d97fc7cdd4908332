/* SPDX-License-Identifier: Apache-2.0 */
/* Where a service lives: host names by region, and URLs that people give. */
#ifndef EBSIMG_AWS_ENDPOINT_H
#define EBSIMG_AWS_ENDPOINT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

enum aws_service {
    AWS_EBS, AWS_EC2, AWS_STS,
    AWS_SSO, AWS_OIDC,  /* IAM Identity Center: keys, and its tokens */
    AWS_SIGNIN,         /* `aws login' */
    AWS_METADATA,       /* of the instance or the container; has no region */
};
#define AWS_SERVICES 7

/* "ebs", "ec2", "sts", "sso-oidc": the name in signatures and, with _ for -,
 * in a section [services NAME] and in AWS_ENDPOINT_URL_NAME. */
const char *endpoint_service_name(enum aws_service s);

/* Small letters, digits and hyphens. */
bool endpoint_region_valid(const char *region);

struct endpoint_wish {
    bool fips;
    bool dualstack;
};

/* "https://ebs.eu-west-1.amazonaws.com", as the rules that botocore ships have
 * it for every region, FIPS and dual-stack.  Whether AWS has such a host is
 * known when it is asked for.  An unknown region is looked for in the ordinary
 * partition; ERR_USAGE for one with other characters than regions have. */
int endpoint_url(enum aws_service s, const char *region,
                 const struct endpoint_wish *wish, struct text *out,
                 struct err *e);

/* "aws", "aws-cn" ...: the part of AWS that a region is in, as ARNs name it;
 * "aws" for a region that nobody knows yet. */
const char *endpoint_partition(const char *region);

/* Is the URL one of AWS's own for this region: plain, FIPS or dual-stack? */
bool endpoint_is_usual(enum aws_service s, const char *region,
                       const char *url);

/* The parts of a URL, as a signed request needs them. */
struct endpoint {
    struct text host; /* the Host header: the port only where it must be */
    struct text path; /* what goes before the request's own: "" or "/x" */
};

/* Checks and takes apart "https://host[:port][/path]".  Plain http is for
 * this machine alone: block data and session tokens would be readable on the
 * way.  ERR_USAGE otherwise.  Free the endpoint in either case. */
int endpoint_parse(const char *url, struct endpoint *out, struct err *e);
/* The same for an endpoint of metadata, which may be in plain http at those
 * addresses that AWS gives to it inside an instance or a container, too. */
int endpoint_parse_metadata(const char *url, struct endpoint *out,
                            struct err *e);
void endpoint_free(struct endpoint *p);

#endif
