/* SPDX-License-Identifier: Apache-2.0 */
/* One attempt of a call: signed with the time of now, and sent. */
#include <assert.h>
#include <string.h>

#include "aws/aws-private.h"
#include "aws/sigv4.h"

static const char *type_of(const struct call *c)
{
    return c->type ? c->type
                   : "application/x-www-form-urlencoded; charset=utf-8";
}

static const char *or_empty(const struct text *t)
{
    return t->s ? t->s : "";
}

static void start_over(struct text *t)
{
    text_clear(t);
    t->failed = false;
}

/* One reading of the clock for header and scope: a second reading could be
 * in the next day. */
static void read_clock(struct call_state *s, char *time)
{
    struct aws *a = s->aws;
    uint64_t wall = clock_wall(a->config.clock);

    s->signed_offset = a->offset_ns;
    s->signed_by = a->generation;
    clock_compact(time, wall + (uint64_t)a->offset_ns);
}

static void make_lines(struct call_state *s, const char *time)
{
    const struct call *c = s->call;
    const struct endpoint *p = &s->aws->endpoints[c->service];

    start_over(&s->url);
    start_over(&s->path);
    start_over(&s->host);
    start_over(&s->date);
    start_over(&s->authorization);
    start_over(&s->type);
    text_add(&s->url, s->aws->config.settings->endpoint_url[c->service]);
    text_add(&s->url, or_empty(&c->path));
    if (c->query.len)
        text_addf(&s->url, "?%s", c->query.s);
    text_addf(&s->path, "%s%s", p->path.s, or_empty(&c->path));
    text_addf(&s->host, "Host: %s", p->host.s);
    text_addf(&s->date, "X-Amz-Date: %s", time);
    text_add(&s->authorization, "Authorization: ");
    text_addf(&s->type, "Content-Type: %s", type_of(c));
}

/* The tokens of pages and blocks, from "name=value&..." as it is sent. */
static void add_tokens(struct secrets *x, const char *pairs)
{
    static const char last[] = "oken"; /* pageToken, NextToken ... */
    const size_t n = sizeof(last) - 1;

    while (*pairs) {
        size_t name = strcspn(pairs, "=&");
        size_t pair = strcspn(pairs, "&");

        if (name < pair && name > n && memcmp(pairs + name - n, last, n) == 0)
            secrets_addn(x, pairs + name + 1, pair - name - 1);
        pairs += pair + (pairs[pair] == '&');
    }
}

/* `signed_text' ends with the hash of the request, and the header with the
 * signature. */
static int note_secrets(struct call_state *s, const struct text *signed_text)
{
    struct secrets *x = &s->secrets;

    secrets_clear(x);
    secrets_clear(&s->tokens);
    secrets_add(x, strrchr(s->authorization.s, '=') + 1);
    secrets_add(x, strrchr(signed_text->s, '\n') + 1);
    add_tokens(&s->tokens, or_empty(&s->call->query));
    add_tokens(&s->tokens, or_empty(&s->call->body));
    return x->failed || s->tokens.failed ? -1 : 0;
}

static int sign(struct call_state *s, const char *time)
{
    const struct call *c = s->call;
    const struct credentials *keys = &s->aws->keys;
    struct sigv4_header headers[4] = {
        { "host", s->aws->endpoints[c->service].host.s },
        { "x-amz-date", time },
    };
    autotext struct text signed_text = TEXT_INIT;
    char payload[65];
    struct sigv4_request r = {
        .method = c->method,
        .path = s->path.s,
        .query = or_empty(&c->query),
        .headers = headers,
        .nheaders = 2,
        .payload_sha256 = payload,
        .normalize_path = true,
    };
    struct sigv4_key k = {
        .access_key_id = keys->access_key_id,
        .secret_access_key = keys->secret_access_key,
        .region = s->aws->config.settings->region,
        .service = endpoint_service_name(c->service),
        .time = time,
    };

    if (c->body.len)
        headers[r.nheaders++] = (struct sigv4_header){ "content-type",
                                                       type_of(c) };
    if (keys->session_token)
        headers[r.nheaders++] = (struct sigv4_header){
            "x-amz-security-token", keys->session_token };
    if (sigv4_sha256_hex(or_empty(&c->body), c->body.len, payload) < 0
        || sigv4_authorization(&r, &k, &s->authorization, &signed_text) < 0)
        return -1;
    return note_secrets(s, &signed_text);
}

static void list_headers(struct call_state *s)
{
    const struct call *c = s->call;
    const char **h = s->headers;

    *h++ = s->host.s;
    if (!c->bare) {
        *h++ = s->date.s;
        *h++ = s->authorization.s;
        if (s->aws->token.len)
            *h++ = s->aws->token.s;
    }
    if (c->body.len)
        *h++ = s->type.s;
    for (size_t i = 0; c->extra && c->extra[i]; i++) {
        assert(h < s->headers + CALL_HEADERS);
        *h++ = c->extra[i];
    }
    *h = NULL;
}

static int prepare(struct call_state *s)
{
    const struct call *c = s->call;
    char time[CLOCK_TEXT];

    read_clock(s, time);
    make_lines(s, time);
    if (c->path.failed || c->query.failed || c->body.failed || s->url.failed
        || s->path.failed || s->host.failed || s->date.failed
        || s->type.failed || (!c->bare && sign(s, time) < 0))
        return -1;
    list_headers(s);
    return 0;
}

static unsigned char *place_of(struct http_request *r)
{
    struct call *c = ((struct call_state *)r->owner)->call;

    return c->place(c);
}

static void aim(struct call_state *s)
{
    const struct call *c = s->call;
    struct http_request *r = s->request;

    r->method = c->method;
    r->url = s->url.s;
    r->proxy = s->aws->proxies[c->service].url;
    r->headers = s->headers;
    r->body = c->body.s;
    r->body_len = c->body.len;
    r->place = c->place ? place_of : NULL;
    r->limit = c->limit;
}

void attempt_send(struct call_state *s)
{
    struct aws *a = s->aws;
    struct call *c = s->call;

    if (prepare(s) < 0) {
        err_nomem(&c->err);
        outcome_end(s, V_GIVE_UP);
        return;
    }
    aim(s);
    c->attempts++;
    if (http_send(a->http, s->request, &c->err) < 0) {
        outcome_end(s, V_GIVE_UP);
        return;
    }
    call_move(s, FLYING, &a->flying);
    a->counts.requests++;
    a->counts.retries += s->is_retry;
}
