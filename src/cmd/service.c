#include "cmd/service.h"

#include <stdio.h>
#include <string.h>

#include "base/interrupt.h"

/* EBS allows 50 list calls a second. */
#define LIST_RATE 40

void service_defaults(struct service_options *o)
{
    *o = (struct service_options){
        .connections = 32,
        .rate = 1000,
        .attempts = 8,
        .timeout = 20,
        .give_up = 300,
    };
}

static void on_event(void *ctx, const struct aws_event *ev)
{
    const struct service *s = ctx;

    if (s->options->verbose)
        fprintf(stderr, "ebsimg: %s: %s: %s\n", ev->what,
                ev->call->path.s ? ev->call->path.s : "/", ev->detail);
}

int service_open(struct service *s, const struct service_options *o,
                 struct err *e)
{
    struct aws_config c = {
        .settings = &s->settings,
        .http = {
            .connections = (unsigned)o->connections,
            .connect_seconds = 15,
            .stall_seconds = (unsigned)o->timeout,
            .request_seconds = 600,
        },
        .attempts = (unsigned)o->attempts,
        .give_up_seconds = (unsigned)o->give_up,
        .block_rate = (double)o->rate,
        .list_rate = LIST_RATE,
        .clock = &clock_system,
        .seed = clock_wall(&clock_system),
        .on_event = on_event,
        .event_ctx = s,
    };

    memset(s, 0, sizeof(*s));
    s->options = o;
    if (settings_load(o->profile, o->region, o->endpoint_url, o->ca_bundle,
                      &s->settings, e) < 0)
        return -1;
    s->aws = aws_new(&c, e);
    if (!s->aws)
        return -1;
    s->call = call_new(s->aws, e);
    return s->call ? 0 : -1;
}

void service_close(struct service *s)
{
    call_free(s->call);
    aws_free(s->aws);
    settings_free(&s->settings);
    memset(s, 0, sizeof(*s));
}

int service_ask(struct service *s,
                int (*take)(void *ctx, const struct call *c, struct err *e),
                void *ctx, struct err *e)
{
    return aws_ask(s->aws, s->call, take, ctx, &interrupted, e);
}

bool service_refused(const struct err *e)
{
    static const char *const codes[] = {
        "UnauthorizedOperation", "AccessDenied", "AccessDeniedException",
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (strcmp(e->code, codes[i]) == 0)
            return true;
    return false;
}
