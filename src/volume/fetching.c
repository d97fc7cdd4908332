#include "volume/fetching.h"

#include "volume/access.h"

static int on_accepted(void *ctx, const struct slot *s, struct err *e)
{
    const struct volume *v = ctx;

    return access_read(v->access, s, e);
}

struct fetch_config volume_fetching(struct volume *v, unsigned slots)
{
    return (struct fetch_config){
        .aws = v->service.aws,
        .snapshot = v->name,
        .slots = slots,
        .connections = (unsigned)v->options->connections,
        .clock = &clock_system,
        .accepted = v->access ? on_accepted : NULL,
        .ctx = v,
    };
}
