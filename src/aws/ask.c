/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/ask.h"

#include <string.h>

#include "base/number.h"

enum {
    ATTEMPTS = 3,
    GIVE_UP_SECONDS = 60,
    CONNECT_SECONDS = 5,
    STALL_SECONDS = 10,
    REQUEST_SECONDS = 30,
    /* AWS's tools give up after one second: outside an instance nobody
     * answers there. */
    METADATA_SECONDS = 1,
    ANSWER_MAX = 256 * KIB,
};

static int copy(const char *from, char **to, struct err *e)
{
    *to = from ? strdup(from) : NULL;
    return from && !*to ? err_nomem(e) : 0;
}

static int fill_in(struct settings *s, const struct keys_env *env,
                   enum aws_service service, const char *url,
                   const char *region, const struct credentials *signer,
                   struct err *e)
{
    if (copy(url, &s->endpoint_url[service], e) < 0
        || copy(region, &s->region, e) < 0
        || copy(env->ca_bundle, &s->ca_bundle, e) < 0)
        return -1;
    return signer ? credentials_copy(signer, &s->credentials, e) : 0;
}

int ask_open(struct ask *a, const struct keys_env *env,
             enum aws_service service, const char *url, const char *region,
             const struct credentials *signer, struct err *e)
{
    bool near = service == AWS_METADATA;
    struct aws_config c = {
        .settings = &a->settings,
        .http = {
            .connections = 1,
            .connect_seconds = near ? METADATA_SECONDS : CONNECT_SECONDS,
            .stall_seconds = near ? 2 * METADATA_SECONDS : STALL_SECONDS,
            .request_seconds = near ? 2 * METADATA_SECONDS : REQUEST_SECONDS,
        },
        .attempts = ATTEMPTS,
        .give_up_seconds = GIVE_UP_SECONDS,
        .clock = &clock_system,
        .seed = clock_wall(&clock_system),
    };

    memset(a, 0, sizeof(*a));
    a->stop = env->stop;
    if (fill_in(&a->settings, env, service, url, region, signer, e) < 0)
        return -1;
    a->aws = aws_new(&c, e);
    a->call = a->aws ? call_new(a->aws, e) : NULL;
    if (!a->call)
        return -1;
    a->call->service = service;
    a->call->pace = PACE_NONE;
    a->call->limit = ANSWER_MAX;
    a->bare = !signer;
    return 0;
}

void ask_begin(struct ask *a, const char *method)
{
    call_reset(a->call);
    a->call->method = method;
    a->call->bare = a->bare;
    a->call->verbatim = true;
}

void ask_to_the_end(struct ask *a, bool is_first)
{
    a->stop = NULL;
    if (!is_first)
        a->call->attempts_max = 1;
}

int ask_send(struct ask *a, struct err *e)
{
    return aws_wait(a->aws, a->call, a->stop, e);
}

uint64_t ask_life(const struct ask *a, uint64_t expires)
{
    uint64_t now = clock_wall(&clock_system);
    int64_t ahead;

    if (aws_clock_offset(a->aws, &ahead))
        now -= (uint64_t)(ahead * (int64_t)NS_PER_S);
    return expires > now ? expires - now : 1;
}

void ask_close(struct ask *a)
{
    call_free(a->call);
    aws_free(a->aws);
    settings_free(&a->settings);
    memset(a, 0, sizeof(*a));
}
