/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/service.h"

#include <stdio.h>
#include <string.h>

#include "aws/mfa.h"
#include "base/interrupt.h"
#include "base/scope.h"

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

static unsigned connect_seconds(const struct service_options *o)
{
    return (unsigned)(o->timeout < CONNECT_SECONDS ? o->timeout
                                                   : CONNECT_SECONDS);
}

/* Options of a role that is not named would be passed over in silence. */
static int check_role(const struct service_options *o, struct err *e)
{
    const char *alone = o->external_id ? "--external-id"
        : o->mfa_serial ? "--mfa-serial"
        : o->role_duration ? "--role-duration" : NULL;

    if (o->assume_role || !alone)
        return 0;
    return err_set(e, ERR_USAGE, 0, "%s is of the role that --assume-role "
                   "names: name it, or put this into the profile", alone);
}

/* AWS: a session's name has 64 characters at most. */
#define SESSION_NAME 65

/* The owner of the account sees the case in CloudTrail, as the name of the
 * role's session: what such a name may not have becomes -. */
static void name_session(char *name, const char *case_number)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz"
                               "0123456789_+=,.@-";

    snprintf(name, SESSION_NAME, "ebsimg-%s", case_number);
    for (char *c = name; *c; c++)
        if (!strchr(good, *c))
            *c = '-';
}

static int load(const struct service_options *o, struct settings *s,
                const struct service_hooks *h, struct err *e)
{
    char session[SESSION_NAME];
    const struct settings_options so = {
        .profile = o->profile,
        .region = o->region,
        .endpoint_url = o->endpoint_url,
        .ca_bundle = o->ca_bundle,
        .wish = { o->assume_role, o->external_id, o->mfa_serial,
                  o->role_duration },
        .session_name = o->case_number ? session : NULL,
        .read_only = o->no_cache_write,
        .stop = &interrupted,
        .ask_code = mfa_ask,
        .note = h->note,
        .ctx = h->ctx,
    };

    if (o->case_number)
        name_session(session, o->case_number);
    return o->like ? settings_in_region(o->like, o->region, s, e)
                   : settings_load(&so, s, e);
}

struct aws *service_aws(const struct service_options *o, struct settings *s,
                        const struct service_hooks *h, struct err *e)
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
        .list_rate = SERVICE_LIST_RATE,
        .quota = o->quota,
        .clock = &clock_system,
        .seed = clock_wall(&clock_system),
        .on_event = h->event,
        .on_list = h->list,
        .on_keys = h->keys,
        .event_ctx = h->ctx,
    };

    if (check_role(o, e) < 0 || load(o, s, h, e) < 0)
        return NULL;
    return aws_new(&c, e);
}

static void warn(const struct settings *s, const struct service_hooks *h)
{
    for (size_t i = 0; i < s->nnotes && h->warning; i++)
        h->warning(h->ctx, s->notes[i].msg);
}

int service_sign_in(const struct service_options *o,
                    const struct service_hooks *h, struct err *e)
{
    struct settings s = { 0 };
    int r = check_role(o, e) < 0 ? -1 : load(o, &s, h, e);

    if (r == 0)
        warn(&s, h);
    settings_free(&s);
    return r;
}

int service_open(struct service *s, const struct service_options *o,
                 const struct service_hooks *h, struct err *e)
{
    memset(s, 0, sizeof(*s));
    s->aws = service_aws(o, &s->settings, h, e);
    if (!s->aws)
        return -1;
    warn(&s->settings, h);
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
