/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/aws-private.h"

struct call *call_new(struct aws *a, struct err *e)
{
    struct call *c = calloc(1, sizeof(*c));
    struct call_state *s = calloc(1, sizeof(*s));

    if (!c || !s) {
        err_nomem(e);
        goto free_both;
    }
    s->request = http_request_new(a->http, e);
    if (!s->request)
        goto free_both;
    s->request->done = outcome_decide;
    s->request->owner = s;
    s->call = c;
    s->aws = a;
    c->method = "GET";
    c->state = s;
    c->answer = &s->request->answer;
    TAILQ_INSERT_TAIL(&a->calls, s, member);
    return c;

free_both:
    free(s);
    free(c);
    return NULL;
}

void call_free(struct call *c)
{
    struct call_state *s;

    if (!c)
        return;
    s = c->state;
    call_cancel(c);
    TAILQ_REMOVE(&s->aws->calls, s, member);
    http_request_free(s->request);
    text_free(&s->url);
    text_free(&s->path);
    text_free(&s->host);
    text_free(&s->date);
    text_free(&s->authorization);
    text_free(&s->type);
    secrets_free(&s->secrets);
    secrets_free(&s->tokens);
    free(s);
    text_free(&c->path);
    text_free(&c->query);
    text_free(&c->body);
    free(c);
}

void call_reset(struct call *c)
{
    struct text *parts[] = { &c->path, &c->query, &c->body };

    assert(c->state->place == IDLE);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        text_clear(parts[i]);
        parts[i]->failed = false;
    }
    c->type = NULL;
    c->bare = false;
    c->verbatim = false;
    c->extra = NULL;
    secrets_clear(&c->state->secrets);
    secrets_clear(&c->state->tokens);
}

void call_secret(struct call *c, const char *s)
{
    secrets_add(&c->state->secrets, s);
}

/* ------------------------------------------------------------ parameters */

/* The name that was added last, with everything behind it. */
static const char *last_name(const struct text *query)
{
    const char *amp = strrchr(query->s, '&');

    return amp ? amp + 1 : query->s;
}

/* As bytes, where a name that ends comes before one that goes on. */
static bool comes_after(const char *name, const char *last)
{
    size_t n = strcspn(last, "=");
    int r = strncmp(name, last, n);

    return r > 0 || (r == 0 && strlen(name) > n);
}

static void add_pair(struct text *t, const char *name, const char *value)
{
    if (t->len)
        text_add(t, "&");
    text_add_percent(t, name);
    text_add(t, "=");
    text_add_percent(t, value);
}

void call_query(struct call *c, const char *name, const char *value)
{
    assert(!c->query.len || comes_after(name, last_name(&c->query)));
    add_pair(&c->query, name, value);
}

void call_query_u64(struct call *c, const char *name, uint64_t value)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%" PRIu64, value);
    call_query(c, name, digits);
}

void call_form(struct call *c, const char *name, const char *value)
{
    add_pair(&c->body, name, value);
}

/* --------------------------------------------------------------- its way */

void call_move(struct call_state *s, enum place place, struct call_list *list)
{
    struct aws *a = s->aws;
    enum call_pace pace = s->call->pace;

    if (s->list)
        TAILQ_REMOVE(s->list, s, link);
    if (list)
        TAILQ_INSERT_TAIL(list, s, link);
    a->nflying[pace] -= s->place == FLYING;
    a->nflying[pace] += place == FLYING;
    a->active -= s->place != IDLE;
    a->active += place != IDLE;
    s->place = place;
    s->list = list;
}

/* The time without a success begins when there is something to do. */
static void wake_from_idleness(struct aws *a)
{
    if (a->active == 0)
        a->progress = clock_monotonic(a->config.clock);
}

void call_start(struct call *c)
{
    struct call_state *s = c->state;

    assert(s->place == IDLE && c->done);
    wake_from_idleness(s->aws);
    c->attempts = 0;
    c->request_id[0] = '\0';
    c->gave_up_alone = false;
    c->used_up = false;
    c->err = (struct err)ERR_INIT;
    s->failures = 0;
    s->failed = clock_monotonic(s->aws->config.clock);
    s->counted = 0;
    s->throttles = 0;
    s->not_ready_since = 0;
    s->is_retry = false;
    s->clock_corrected = false;
    s->request->fresh = false;
    call_move(s, QUEUED, &s->aws->fresh[c->pace]);
}

void call_reject(struct call *c, const char *why)
{
    assert(c->state->place == IDLE && c->verdict == V_OK);
    wake_from_idleness(c->state->aws);
    outcome_reject(c->state, why);
}

void call_cancel(struct call *c)
{
    struct call_state *s = c->state;

    if (s->place == FLYING)
        http_cancel(s->request);
    call_move(s, IDLE, NULL);
}

unsigned call_failures(const struct call *c)
{
    return c->state->place == IDLE ? 0 : c->state->failures;
}

uint64_t call_flying_ns(const struct call *c)
{
    const struct call_state *s = c->state;

    if (s->place != FLYING)
        return 0;
    return clock_monotonic(&clock_system) - s->request->answer.began;
}
