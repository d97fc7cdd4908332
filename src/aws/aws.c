/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/aws.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "aws/aws-private.h"

enum {
    ATTEMPTS = 8,
    GIVE_UP_SECONDS = 300,
    CONNECTIONS = 32,
    CONNECTIONS_FOR_LISTS = 2,
    CONNECT_SECONDS = 10,
    STALL_SECONDS = 15,
    REQUEST_SECONDS = 60,
    WAIT_STEP_MS = 200,        /* aws_wait() looks at `stop' so often */
    PAUSE_SECONDS = 3,         /* nobody polls so seldom */
};

/* ------------------------------------------------------------ beginnings */

static void or_default(unsigned *n, unsigned value)
{
    if (!*n)
        *n = value;
}

static void fill_in(struct aws_config *c)
{
    or_default(&c->attempts, ATTEMPTS);
    or_default(&c->give_up_seconds, GIVE_UP_SECONDS);
    or_default(&c->http.connections, CONNECTIONS);
    or_default(&c->http.connect_seconds, CONNECT_SECONDS);
    or_default(&c->http.stall_seconds, STALL_SECONDS);
    or_default(&c->http.request_seconds, REQUEST_SECONDS);
    if (!c->clock)
        c->clock = &clock_system;
    c->http.ca_bundle = c->settings->ca_bundle;
    c->http.user_agent = "ebsimg/" PACKAGE_VERSION;
}

static void prepare_lists(struct aws *a)
{
    for (int i = 0; i < PACES; i++) {
        TAILQ_INIT(&a->fresh[i]);
        TAILQ_INIT(&a->retries[i]);
    }
    TAILQ_INIT(&a->calls);
    TAILQ_INIT(&a->flying);
    TAILQ_INIT(&a->waiting);
    TAILQ_INIT(&a->ended);
    TAILQ_INIT(&a->keyless);
}

static int prepare_endpoint(struct aws *a, enum aws_service i, struct err *e)
{
    const char *url = a->config.settings->endpoint_url[i];

    if (!url)
        return 0;
    if ((i == AWS_METADATA
         ? endpoint_parse_metadata(url, &a->endpoints[i], e)
         : endpoint_parse(url, &a->endpoints[i], e)) < 0)
        return -1;
    return proxy_find(url, &a->proxies[i], e);
}

static int prepare_endpoints(struct aws *a, struct err *e)
{
    for (enum aws_service i = 0; i < AWS_SERVICES; i++)
        if (prepare_endpoint(a, i, e) < 0)
            return -1;
    return 0;
}

struct aws *aws_new(const struct aws_config *config, struct err *e)
{
    struct aws *a = calloc(1, sizeof(*a));
    struct http_config http;

    if (!a) {
        err_nomem(e);
        return NULL;
    }
    a->config = *config;
    fill_in(&a->config);
    backoff_init(&a->backoff, config->seed);
    prepare_lists(a);
    if (pace_begin(a, e) < 0 || prepare_endpoints(a, e) < 0)
        goto free_aws;
    http = a->config.http;
    http.connections += CONNECTIONS_FOR_LISTS;
    a->http = http_new(&http, e);
    if (!a->http || renewal_begin(a, e) < 0)
        goto free_aws;
    return a;

free_aws:
    aws_free(a);
    return NULL;
}

void aws_free(struct aws *a)
{
    if (!a)
        return;
    assert(TAILQ_EMPTY(&a->calls));
    renewal_end(a);
    http_free(a->http);
    pace_end(a);
    for (int i = 0; i < AWS_SERVICES; i++) {
        endpoint_free(&a->endpoints[i]);
        proxy_free(&a->proxies[i]);
    }
    free(a);
}

/* -------------------------------------------------------------- the loop */

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A round ends: what done() starts is only queued here, and a call that it
 * rejects for the last time cannot be rejected again. */
static void deliver(struct aws *a)
{
    struct call_state *s;

    while ((s = TAILQ_FIRST(&a->ended))) {
        call_move(s, IDLE, NULL);
        s->call->done(s->call);
    }
}

/* ns until the next one is due. */
static uint64_t queue_due(struct aws *a, uint64_t now)
{
    struct call_state *s;

    while ((s = TAILQ_FIRST(&a->waiting))) {
        if (s->due > now)
            return s->due - now;
        call_move(s, QUEUED, &a->retries[s->call->pace]);
    }
    return UINT64_MAX;
}

static struct call_state *next_of(struct aws *a, enum call_pace pace)
{
    struct call_state *s = TAILQ_FIRST(&a->retries[pace]);

    return s ? s : TAILQ_FIRST(&a->fresh[pace]);
}

/* Blocks do not wait inside libcurl for a connection: their time would run,
 * and their signature grow old. */
static bool has_room(const struct aws *a, enum call_pace pace)
{
    return pace != PACE_BLOCK
        || a->nflying[pace] < a->config.http.connections;
}

/* Sends what may go now; ns until the pace allows the next one. */
static uint64_t send_queued(struct aws *a, enum call_pace pace, uint64_t now)
{
    struct call_state *s;

    while (has_room(a, pace) && (s = next_of(a, pace))) {
        uint64_t ns = pace_take(a, pace, now);

        if (ns)
            return ns;
        attempt_send(s);
    }
    return UINT64_MAX;
}

static uint64_t send_all(struct aws *a)
{
    uint64_t now = clock_monotonic(a->config.clock);
    uint64_t ns = queue_due(a, now);

    a->counts.block_rate = a->rates[PACE_BLOCK].speed;
    /* Longer than any poll waits: the process was stopped meanwhile. */
    if (a->paced_since && now - a->paced_since < NS_PER_S)
        a->counts.paced_ns += now - a->paced_since;
    a->paced_since = 0;
    for (enum call_pace p = 0; p < PACES; p++) {
        uint64_t until = send_queued(a, p, now);

        if (p == PACE_BLOCK && until != UINT64_MAX)
            a->paced_since = now;
        ns = sooner(ns, until);
    }
    return ns;
}

static void fail_list(struct call_list *list, const struct err *why)
{
    struct call_state *s;

    while ((s = TAILQ_FIRST(list))) {
        if (s->place == FLYING)
            http_cancel(s->request);
        s->call->err = *why;
        outcome_end(s, V_GIVE_UP);
    }
}

/* The host of a call that is not done. */
static const char *waiting_for(const struct aws *a)
{
    struct call_state *s;

    TAILQ_FOREACH(s, &a->calls, member)
        if (s->place != IDLE)
            return a->endpoints[s->call->service].host.s;
    return "the service";
}

static void fail_all(struct aws *a)
{
    struct err why = a->last_failure;

    if (a->throttled_last)
        err_in(&why, "the service has throttled every request for %u s: use "
               "a lower rate, or have the account's quota raised",
               a->config.give_up_seconds);
    else if (why.kind)
        err_in(&why, "no request has succeeded for %u s",
               a->config.give_up_seconds);
    else
        err_set(&why, ERR_SERVICE, 0, "%s: no request has succeeded for %u s",
                waiting_for(a), a->config.give_up_seconds);
    for (int i = 0; i < PACES; i++) {
        fail_list(&a->fresh[i], &why);
        fail_list(&a->retries[i], &why);
    }
    fail_list(&a->waiting, &why);
    fail_list(&a->keyless, &why);
    fail_list(&a->flying, &why);
}

/* ns until patience ends; when it has ended, so do all calls. */
static uint64_t check_patience(struct aws *a)
{
    uint64_t now = clock_monotonic(a->config.clock);
    uint64_t end = a->progress + a->config.give_up_seconds * NS_PER_S;

    if (!a->active)
        return UINT64_MAX;
    if (now < end)
        return end - now;
    fail_all(a);
    return 0;
}

static int to_ms(uint64_t ns, int most)
{
    uint64_t ms = ns / NS_PER_MS + (ns % NS_PER_MS != 0);

    return ms < (uint64_t)most ? (int)ms : most;
}

/* This process was stopped (Ctrl-Z), or its machine stood still: that is no
 * silence of the service's. */
static void forgive_pause(struct aws *a)
{
    uint64_t now = clock_monotonic(a->config.clock);
    uint64_t gap = a->polled ? now - a->polled : 0;

    a->polled = now;
    if (gap > PAUSE_SECONDS * NS_PER_S)
        a->progress = sooner(a->progress + gap, now);
}

int aws_poll(struct aws *a, int milliseconds, struct err *e)
{
    uint64_t ns;

    renewal_look(a);
    ns = send_all(a);
    forgive_pause(a);
    ns = sooner(ns, check_patience(a));
    if (!TAILQ_EMPTY(&a->ended))
        ns = 0;
    if (http_poll(a->http, to_ms(ns, milliseconds), e) < 0)
        return -1;
    deliver(a);
    send_all(a);
    return 0;
}

void aws_wake(struct aws *a)
{
    http_wake(a->http);
}

/* -------------------------------------------------------------- one call */

static void note_done(struct call *c)
{
    *(bool *)c->owner = true;
}

static int wait_until(struct aws *a, const bool *done,
                      const struct asking *how, struct err *e)
{
    while (!*done) {
        if (how->tick)
            how->tick(how->ctx);
        if (how->stop && *how->stop)
            return err_set(e, ERR_INTERRUPTED, 0, "interrupted");
        if (aws_poll(a, WAIT_STEP_MS, e) < 0)
            return -1;
    }
    return 0;
}

/* Until the call has an answer that `take' accepts, or has ended. */
static int wait_for_good(struct aws *a, struct call *c, bool *ended,
                         const struct asking *how, struct err *e)
{
    for (;;) {
        struct err why = ERR_INIT;

        if (wait_until(a, ended, how, e) < 0)
            return -1;
        if (c->verdict != V_OK) {
            *e = c->err;
            return -1;
        }
        if (!how->take || how->take(how->ctx, c, &why) == 0)
            return 0;
        if (why.kind != ERR_SERVICE) {
            *e = why;
            return -1;
        }
        *ended = false;
        call_reject(c, why.msg);
    }
}

int aws_ask_so(struct aws *a, struct call *c, const struct asking *how,
               struct err *e)
{
    void (*done)(struct call *) = c->done;
    void *owner = c->owner;
    bool ended = false;
    int r;

    c->done = note_done;
    c->owner = &ended;
    call_start(c);
    r = wait_for_good(a, c, &ended, how, e);
    call_cancel(c);
    c->done = done;
    c->owner = owner;
    return r;
}

int aws_ask(struct aws *a, struct call *c,
            int (*take)(void *ctx, const struct call *c, struct err *e),
            void *ctx, const volatile int *stop, struct err *e)
{
    const struct asking how = { .take = take, .ctx = ctx, .stop = stop };

    return aws_ask_so(a, c, &how, e);
}

int aws_wait(struct aws *a, struct call *c, const volatile int *stop,
             struct err *e)
{
    return aws_ask(a, c, NULL, NULL, stop, e);
}

/* --------------------------------------------------------------- asking */

bool aws_clock_offset(const struct aws *a, int64_t *seconds)
{
    *seconds = a->skew_s;
    return a->skew_known;
}

void aws_counts(const struct aws *a, struct aws_counts *out)
{
    *out = (struct aws_counts){
        .requests = a->counts.requests,
        .retries = a->counts.retries,
        .throttled = a->counts.throttled,
        .block_rate = a->counts.block_rate,
        .paced_ns = a->counts.paced_ns,
        .idle_ns = http_idle_ns(a->http),
        .bytes = http_bytes(a->http),
    };
}

const char *aws_endpoint(const struct aws *a, enum aws_service s)
{
    return a->config.settings->endpoint_url[s];
}

const char *aws_proxy(const struct aws *a, enum aws_service s)
{
    return a->proxies[s].shown;
}

const char *aws_ca_file(const struct aws *a)
{
    return http_ca_file(a->http);
}

const char *aws_ca_folder(const struct aws *a)
{
    return http_ca_folder(a->http);
}

bool aws_ca_is_usual(const struct aws *a)
{
    return http_ca_is_usual(a->http);
}
