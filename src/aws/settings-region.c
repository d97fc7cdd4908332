/* SPDX-License-Identifier: Apache-2.0 */
/* The settings of a run for another region. */
#include <string.h>

#include "aws/settings.h"

static int copy(const char *from, char **to, struct err *e)
{
    *to = from ? strdup(from) : NULL;
    return from && !*to ? err_nomem(e) : 0;
}

/* AWS's endpoint in the other region, plain, FIPS or dual-stack as the one at
 * home; an endpoint of somebody's own stays what it is. */
static int endpoint_there(enum aws_service s, const struct settings *home,
                          const char *region, char **to, struct err *e)
{
    for (int i = 0; i < 4; i++) {
        struct endpoint_wish wish = { .fips = i & 1, .dualstack = i & 2 };
        autotext struct text here = TEXT_INIT;
        autotext struct text there = TEXT_INIT;
        struct err none = ERR_INIT; /* there is no such one */

        if (endpoint_url(s, home->endpoint_region[s], &wish, &here, &none) < 0
            || strcmp(here.s, home->endpoint_url[s]) != 0)
            continue;
        if (endpoint_url(s, region, &wish, &there, e) < 0)
            return -1;
        return copy(there.s, to, e);
    }
    return copy(home->endpoint_url[s], to, e);
}

static int fill(const struct settings *home, const char *region,
                struct settings *out, struct err *e)
{
    static const enum aws_service services[] = { AWS_EBS, AWS_EC2, AWS_STS };

    if (copy(region, &out->region, e) < 0
        || copy(home->sts_url, &out->sts_url, e) < 0
        || copy(home->ca_bundle, &out->ca_bundle, e) < 0
        || copy(home->session_name, &out->session_name, e) < 0)
        return -1;
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
        if (copy(region, &out->endpoint_region[services[i]], e) < 0
            || endpoint_there(services[i], home, region,
                              &out->endpoint_url[services[i]], e) < 0)
            return -1;
    return credentials_copy(&home->credentials, &out->credentials, e);
}

int settings_in_region(const struct settings *home, const char *region,
                       struct settings *out, struct err *e)
{
    memset(out, 0, sizeof(*out));
    if (!endpoint_region_valid(region))
        return err_set(e, ERR_USAGE, 0, "\"%s\" is not the name of a region, "
                       "such as eu-central-1", region);
    out->identity = home->identity;
    out->identity_lent = true;
    return fill(home, region, out, e);
}
