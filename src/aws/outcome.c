/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from an attempt: the call ends, or waits for the next one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/aws-private.h"

enum {
    TRANSIENT_BASE_MS = 100,
    TRANSIENT_CAP_MS = 20000,
    THROTTLE_BASE_MS = 500,    /* the lower rate does the rest */
    THROTTLE_CAP_MS = 5000,
    NOT_READY_MS = 3000,
    CLOCK_STEP_S = 60,         /* less cannot be why a signature fails */
};

static void tell(struct call_state *s, const char *what, const char *detail,
                 uint64_t wait_ms)
{
    const struct aws_config *config = &s->aws->config;
    struct aws_event event = {
        .what = what,
        .call = s->call,
        .detail = detail,
        .attempt = s->call->attempts,
        .wait_ms = wait_ms,
    };

    if (!config->on_event)
        return;
    memcpy(event.request_id, s->call->request_id, sizeof(event.request_id));
    config->on_event(config->event_ctx, &event);
}

/* ------------------------------------------------------------ two endings */

void outcome_end(struct call_state *s, enum verdict v)
{
    s->call->verdict = v;
    s->call->finished = clock_wall(s->aws->config.clock);
    call_move(s, ENDED, &s->aws->ended);
}

static void fail(struct call_state *s, enum verdict v)
{
    tell(s, "failed", s->call->err.msg, 0);
    outcome_end(s, v);
}

/* The list of those who wait is in the order in which they are due. */
static void wait_for(struct call_state *s, uint64_t ms)
{
    struct aws *a = s->aws;
    struct call_state *before;

    s->due = clock_monotonic(a->config.clock) + ms * NS_PER_MS;
    s->is_retry = true;
    call_move(s, WAITING, &a->waiting);
    TAILQ_REMOVE(&a->waiting, s, link);
    TAILQ_FOREACH_REVERSE(before, &a->waiting, call_list, link)
        if (before->due <= s->due)
            break;
    if (before)
        TAILQ_INSERT_AFTER(&a->waiting, before, s, link);
    else
        TAILQ_INSERT_HEAD(&a->waiting, s, link);
}

static uint64_t longer(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static bool is_used_up(struct call_state *s, bool rejected)
{
    const struct call *c = s->call;
    unsigned most = c->attempts_max ? c->attempts_max
                                    : s->aws->config.attempts;

    s->failures++;
    s->counted += blame_counts(s, rejected);
    return s->counted >= most;
}

static void use_up(struct call_state *s, bool rejected)
{
    struct call *c = s->call;

    c->used_up = true;
    c->gave_up_alone = blame_is_its_own(s, rejected);
    if (s->failures > 1)
        err_in(&c->err, "%u attempts failed, the last one", s->failures);
    fail(s, V_GIVE_UP);
}

static void try_again(struct call_state *s, bool rejected)
{
    struct aws *a = s->aws;
    uint64_t ms;

    a->last_failure = s->call->err;
    a->throttled_last = false;
    if (is_used_up(s, rejected)) {
        use_up(s, rejected);
        return;
    }
    s->failed = clock_monotonic(a->config.clock);
    ms = longer(backoff_ms(&a->backoff, TRANSIENT_BASE_MS, TRANSIENT_CAP_MS,
                           s->failures),
                backoff_asked_ms(&s->request->answer));
    tell(s, rejected ? "rejected" : "retry", s->call->err.msg, ms);
    wait_for(s, ms);
}

/* -------------------------------------------------------- by the verdict */

static void on_ok(struct call_state *s)
{
    const struct aws_config *config = &s->aws->config;

    if (s->call->pace == PACE_LIST && config->on_list)
        config->on_list(config->event_ctx, s->call);
    s->succeeded = clock_monotonic(s->aws->config.clock);
    s->aws->worked[s->call->service] = true;
    outcome_end(s, V_OK);
}

static void on_retry(struct call_state *s)
{
    s->request->fresh = s->request->answer.fault != HTTP_ANSWERED;
    try_again(s, false);
}

static void on_slow_down(struct call_state *s)
{
    struct aws *a = s->aws;
    uint64_t ms = backoff_ms(&a->backoff, THROTTLE_BASE_MS, THROTTLE_CAP_MS,
                             ++s->throttles);
    char detail[sizeof(s->call->err.msg) + 64];
    double speed;

    a->counts.throttled++;
    a->last_failure = s->call->err;
    a->throttled_last = true;
    ms = longer(ms, backoff_asked_ms(&s->request->answer));
    if (pace_slow_down(a, s->call->pace, &speed)) {
        snprintf(detail, sizeof(detail), "%s; from now on %.0f a second",
                 s->call->err.msg, speed);
        tell(s, "throttled", detail, ms);
    } else {
        tell(s, "throttled", s->call->err.msg, ms);
    }
    wait_for(s, ms);
}

/* A snapshot that EC2 calls completed can be unknown to EBS for a minute. */
static void on_not_ready(struct call_state *s)
{
    uint64_t now = clock_monotonic(s->aws->config.clock);
    uint64_t patience = s->call->not_ready_seconds * NS_PER_S;

    if (!s->not_ready_since)
        s->not_ready_since = now;
    if (now - s->not_ready_since >= patience) {
        fail(s, V_NOT_READY);
        return;
    }
    tell(s, "not_ready", s->call->err.msg, NOT_READY_MS);
    wait_for(s, NOT_READY_MS);
}

/* The owner lists again; the verdict is its answer. */
static void on_stale(struct call_state *s)
{
    tell(s, "token", s->call->err.msg, 0);
    outcome_end(s, s->call->verdict);
}

void outcome_fail(struct call_state *s)
{
    fail(s, V_GIVE_UP);
}

/* Told once, by the first of many that are refused for the same keys. */
static void on_renew(struct call_state *s)
{
    s->aws->last_failure = s->call->err;
    s->aws->throttled_last = false;
    if (TAILQ_EMPTY(&s->aws->keyless))
        tell(s, "expired", s->call->err.msg, 0);
    renewal_want(s);
}

/* The server's clock minus ours, as this answer has it. */
static bool server_offset(const struct call_state *s, int64_t *ns)
{
    char date[64];
    uint64_t server = 0;

    if (http_header(&s->request->answer, "Date", date, sizeof(date)))
        server = clock_parse_http(date);
    if (!server)
        return false;
    *ns = (int64_t)(server - clock_wall(s->aws->config.clock));
    return true;
}

/* The clock is to blame when the attempt was signed with a time that is far
 * from the server's.  Then it is signed once more with the server's. */
static void on_clock(struct call_state *s)
{
    struct aws *a = s->aws;
    int64_t offset;
    char detail[128];

    if (s->clock_corrected || !server_offset(s, &offset)
        || imaxabs(offset - s->signed_offset)
            < (int64_t)(CLOCK_STEP_S * NS_PER_S)) {
        fail(s, V_GIVE_UP);
        return;
    }
    s->clock_corrected = true;
    a->offset_ns = offset;
    snprintf(detail, sizeof(detail), "the service's clock differs by %" PRId64
             " s from this machine's: requests are signed with its time",
             offset / (int64_t)NS_PER_S);
    tell(s, "clock", detail, 0);
    wait_for(s, 0);
}

static const struct {
    void (*act)(struct call_state *s);
    bool is_progress; /* the service does its work */
} actions[] = {
    [V_OK] = { on_ok, true },
    [V_RETRY] = { on_retry, false },
    [V_SLOW_DOWN] = { on_slow_down, false },
    [V_NOT_READY] = { on_not_ready, true },
    [V_STALE_BLOCK_TOKEN] = { on_stale, true },
    [V_STALE_PAGE_TOKEN] = { on_stale, true },
    [V_RENEW] = { on_renew, false },
    [V_CLOCK] = { on_clock, true },
    [V_GIVE_UP] = { outcome_fail, true },
};

/* -------------------------------------------------------- foreign text */

static void clean(const struct call_state *s, struct text *t)
{
    secrets_clean(&s->aws->secrets, t);
    secrets_clean(&s->secrets, t);
    secrets_clean(&s->tokens, t);
}

static void clean_chars(const struct call_state *s, char *chars, size_t room)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, chars);
    clean(s, &t);
    snprintf(chars, room, "%s", t.failed ? "" : t.s);
}

static bool is_good(const struct call_state *s)
{
    return s->request->answer.fault == HTTP_ANSWERED
        && s->request->answer.status == 200;
}

/* A list holds the tokens of its blocks, which are wanted as they are; what
 * is said about it is cleaned in outcome_reject(). */
static bool is_wanted(const struct call_state *s)
{
    return (s->call->pace == PACE_LIST || s->call->verbatim) && is_good(s);
}

/* A good answer may have the token of the page that comes, which begins as the
 * one of this page did: tokens of pages are not taken out of it, all other
 * secrets are. */
static void clean_body(const struct call_state *s, struct text *body)
{
    secrets_clean(&s->aws->secrets, body);
    secrets_clean(&s->secrets, body);
    if (!is_good(s))
        secrets_clean(&s->tokens, body);
}

/* The one place where text that others wrote comes in: whoever answers knows
 * the secrets of the request and may repeat them anywhere.  Before anything
 * reads the answer, and before anything is cut. */
static void clean_answer(struct call_state *s)
{
    struct http_answer *a = &s->request->answer;

    clean(s, &a->headers);
    if (!is_wanted(s))
        clean_body(s, &a->body);
    if (a->fault_text[0])
        clean_chars(s, a->fault_text, sizeof(a->fault_text));
}

static void note_request_id(struct call *c)
{
    if (!http_header(c->answer, "x-amzn-RequestId", c->request_id,
                     sizeof(c->request_id)))
        c->request_id[0] = '\0';
}

static void note_skew(struct call_state *s)
{
    struct aws *a = s->aws;
    int64_t ns;

    if (a->skew_known || !server_offset(s, &ns))
        return;
    a->skew_known = true;
    a->skew_s = -ns / (int64_t)NS_PER_S;
}

void outcome_decide(struct http_request *r)
{
    struct call_state *s = r->owner;
    struct aws *a = s->aws;
    struct call *c = s->call;

    clean_answer(s);
    note_request_id(c);
    note_skew(s);
    c->err = (struct err)ERR_INIT;
    c->verdict = verdict_of(&r->answer, &c->err);
    if (c->verdict != V_OK)
        err_in(&c->err, "%s", a->endpoints[c->service].host.s);
    if (c->verdict != V_SLOW_DOWN)
        s->throttles = 0;
    if (actions[c->verdict].is_progress)
        a->progress = clock_monotonic(a->config.clock);
    r->fresh = false;
    actions[c->verdict].act(s);
}

void outcome_reject(struct call_state *s, const char *why)
{
    struct call *c = s->call;

    err_set(&c->err, ERR_SERVICE, 0, "%s: the answer cannot be used: %s",
            s->aws->endpoints[c->service].host.s, why);
    clean_chars(s, c->err.msg, sizeof(c->err.msg));
    s->request->fresh = true;
    s->succeeded = 0;
    try_again(s, true);
}
