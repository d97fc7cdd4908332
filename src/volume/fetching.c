/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/fetching.h"

#include "volume/access.h"

static int on_accepted(void *ctx, const struct slot *s, struct err *e)
{
    struct volume *v = ctx;

    v->fetched++;
    return v->access ? access_read(v->access, s, e) : 0;
}

struct fetch_config volume_fetching(struct volume *v, unsigned slots)
{
    return (struct fetch_config){
        .aws = v->service.aws,
        .snapshot = v->name,
        .slots = slots,
        .connections = (unsigned)v->options->connections,
        .clock = &clock_system,
        .accepted = on_accepted,
        .ctx = v,
    };
}
