/* SPDX-License-Identifier: Apache-2.0 */
/* The way to the services, and their clock against ours. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "preflight/preflight-private.h"

/* EBS's own tolerance is not documented; AWS's tools put their clock right
 * from here on. */
#define FAR_OFF_S 300

static const struct {
    enum aws_service service;
    const char *name;
} services[] = {
    { AWS_EBS, "EBS" },
    { AWS_EC2, "EC2" },
    { AWS_STS, "STS" },
};

/* Verified always, and nothing older than 1.2: net/http-setup.c. */
static void add_tls(struct text *t, const struct preflight *p,
                    enum aws_service s, const char *url)
{
    const struct aws *a = p->service.aws;
    const char *file = aws_ca_file(a);
    const char *folder = aws_ca_folder(a);

    if (strncmp(url, "https:", 6) != 0) {
        text_add(t, ", without TLS");
        return;
    }
    text_addf(t, ", %s, verified by %s",
              p->tls[s][0] ? p->tls[s] : "TLS 1.2 or newer",
              file ? file : folder ? folder : "the system's certificates");
    if (!aws_ca_is_usual(a))
        text_add(t, ", which is not the system's");
}

static int add_service(struct preflight *p, enum aws_service s,
                       const char *name, struct err *e)
{
    const struct aws *a = p->service.aws;
    const char *url = aws_endpoint(a, s);
    const char *proxy = aws_proxy(a, s);
    struct check k = {
        .part = PART_WAY,
        .need = NEED_NONE,
        .answer = p->answered[s] ? CHECK_YES : CHECK_NO,
        .name = name,
        .needed_for = "the way to the service",
    };
    autotext struct text says = TEXT_INIT;

    text_add_url(&says, url);
    if (proxy) {
        text_add(&says, " over the proxy ");
        text_add_url(&says, proxy);
    }
    add_tls(&says, p, s, url);
    return says.failed ? err_nomem(e)
        : checks_add(&p->checks, &k, says.s, p->answered[s] ? NULL
                     : "look at --endpoint-url, HTTPS_PROXY and the "
                       "network", e);
}

static int add_clock(struct preflight *p, struct err *e)
{
    struct check k = {
        .part = PART_CLOCK,
        .need = NEED_USEFUL,
        .name = "the clock",
        .needed_for = "signatures, and the times in the log",
    };
    autotext struct text says = TEXT_INIT;
    int64_t ahead;

    if (!aws_clock_offset(p->service.aws, &ahead)) {
        k.answer = CHECK_UNKNOWN;
        return checks_add(&p->checks, &k, "no answer said what time it is",
                          NULL, e);
    }
    if (ahead > FAR_OFF_S || ahead < -FAR_OFF_S)
        k.answer = CHECK_NO;
    if (ahead)
        text_addf(&says, "%" PRId64 " s %s that of the service",
                  ahead < 0 ? -ahead : ahead,
                  ahead < 0 ? "behind" : "ahead of");
    else
        text_add(&says, "that of the service, to the second");
    return says.failed ? err_nomem(e)
        : checks_add(&p->checks, &k, says.s, k.answer == CHECK_YES ? NULL
                     : "set it; until then requests are signed by the "
                       "service's, and the log says how far ours is off", e);
}

int preflight_way(struct preflight *p, struct err *e)
{
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
        if (p->asked[services[i].service]
            && add_service(p, services[i].service, services[i].name, e) < 0)
            return -1;
    return add_clock(p, e);
}
