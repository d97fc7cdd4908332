#include "cmd/service.h"

#include <stdio.h>
#include <string.h>

#include "base/interrupt.h"
#include "base/text.h"

/* EBS allows 50 list calls a second. */
#define LIST_RATE 40

/* A connection takes much less, its TLS included; or --timeout, if shorter. */
#define CONNECT_SECONDS 15

/* What keeps bringing bytes, but few. */
#define REQUEST_SECONDS 600

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

static void tell(void *ctx, const struct aws_event *ev)
{
    const struct service *s = ctx;

    if (s->options->verbose)
        fprintf(stderr, "ebsimg: %s: %s: %s\n", ev->what,
                ev->call->path.s ? ev->call->path.s : "/", ev->detail);
}

static unsigned connect_seconds(const struct service_options *o)
{
    return (unsigned)(o->timeout < CONNECT_SECONDS ? o->timeout
                                                   : CONNECT_SECONDS);
}

struct aws *service_aws(const struct service_options *o, struct settings *s,
                        void (*event)(void *ctx, const struct aws_event *ev),
                        void *ctx, struct err *e)
{
    struct aws_config c = {
        .settings = s,
        .http = {
            .connections = (unsigned)o->connections,
            .connect_seconds = connect_seconds(o),
            .stall_seconds = (unsigned)o->timeout,
            .request_seconds = REQUEST_SECONDS,
        },
        .attempts = (unsigned)o->attempts,
        .give_up_seconds = (unsigned)o->give_up,
        .block_rate = (double)o->rate,
        .list_rate = LIST_RATE,
        .clock = &clock_system,
        .seed = clock_wall(&clock_system),
        .on_event = event,
        .event_ctx = ctx,
    };

    if (settings_load(o->profile, o->region, o->endpoint_url, o->ca_bundle,
                      s, e) < 0)
        return NULL;
    return aws_new(&c, e);
}

static void tell_notes(const struct service *s)
{
    for (size_t i = 0; i < s->settings.nnotes && !s->options->quiet; i++)
        text_tell("warning: %s", s->settings.notes[i].msg);
}

int service_open(struct service *s, const struct service_options *o,
                 struct err *e)
{
    memset(s, 0, sizeof(*s));
    s->options = o;
    s->aws = service_aws(o, &s->settings, tell, s, e);
    if (!s->aws)
        return -1;
    tell_notes(s);
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
    return e->http_status == 403 && !e->code[0];
}
