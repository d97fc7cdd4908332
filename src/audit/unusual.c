/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/unusual.h"

#include <string.h>

const struct unusual_names unusual_names[UNUSUAL_SERVICES] = {
    [UNUSUAL_EBS] = { "endpoint", "proxy", "Endpoint", "Proxy" },
    [UNUSUAL_EC2] = { "endpoint_ec2", "proxy_ec2",
                      "EC2 endpoint", "EC2 proxy" },
    [UNUSUAL_STS] = { "endpoint_sts", "proxy_sts",
                      "STS endpoint", "STS proxy" },
    [UNUSUAL_SSO] = { "endpoint_sso", "proxy_sso",
                      "SSO endpoint", "SSO proxy" },
    [UNUSUAL_OIDC] = { "endpoint_sso_oidc", "proxy_sso_oidc",
                       "SSO OIDC endpoint", "SSO OIDC proxy" },
    [UNUSUAL_SIGNIN] = { "endpoint_signin", "proxy_signin",
                         "Sign-in endpoint", "Sign-in proxy" },
};

const char *unusual_title(const char *member)
{
    for (int s = 0; s < UNUSUAL_SERVICES; s++) {
        if (strcmp(member, unusual_names[s].endpoint) == 0)
            return unusual_names[s].endpoint_title;
        if (strcmp(member, unusual_names[s].proxy) == 0)
            return unusual_names[s].proxy_title;
    }
    return strcmp(member, UNUSUAL_CA) == 0 ? "CA file" : NULL;
}
