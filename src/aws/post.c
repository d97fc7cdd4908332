/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/post.h"

#include <string.h>
#include <strings.h>

#include "aws/backoff.h"
#include "aws/verdict.h"
#include "base/clock.h"
#include "base/interrupt.h"
#include "net/http.h"
#include "net/proxy.h"

enum {
    CONNECT_SECONDS = 10,
    STALL_SECONDS = 20,
    REQUEST_SECONDS = 60,
    BASE_MS = 500,
    CAP_MS = 8000,
    STEP_MS = 100,
};

int post_check_url(const char *url, struct err *e)
{
    const char *host = NULL;

    if (strncasecmp(url, "http://", 7) == 0)
        host = url + 7;
    else if (strncasecmp(url, "https://", 8) == 0)
        host = url + 8;
    if (!host || !*host || *host == '/' || strpbrk(url, " \t\r\n"))
        return err_set(e, ERR_USAGE, 0, "it does not begin with http:// or "
                       "https:// and the name of a host");
    if (memchr(host, '@', strcspn(host, "/?#")))
        return err_set(e, ERR_USAGE, 0, "it has a name or a password in it, "
                       "which is not sent to such a server");
    return 0;
}

static void on_done(struct http_request *r)
{
    *(bool *)r->owner = true;
}

/* Once: -1 only when it cannot be tried, or was interrupted. */
static int try_once(struct http *h, struct http_request *r, struct err *e)
{
    bool *done = r->owner;

    *done = false;
    if (http_send(h, r, e) < 0)
        return -1;
    while (!*done)
        if (http_poll(h, STEP_MS, e) < 0 || interrupt_check(e) < 0) {
            http_cancel(r);
            return -1;
        }
    return 0;
}

static int wait_ms(struct http *h, uint64_t ms, struct err *e)
{
    uint64_t end = clock_monotonic(&clock_system) + ms * NS_PER_MS;

    while (clock_monotonic(&clock_system) < end)
        if (interrupt_check(e) < 0 || http_poll(h, STEP_MS, e) < 0)
            return -1;
    return 0;
}

static bool is_worth_another(enum verdict v)
{
    return v == V_RETRY || v == V_SLOW_DOWN;
}

static int attempts(const struct post *p, struct http *h,
                    struct http_request *r, struct err *e)
{
    struct backoff b;
    enum verdict v;

    backoff_init(&b, clock_wall(&clock_system));
    for (unsigned nth = 1; ; nth++) {
        uint64_t asked, ms;

        if (try_once(h, r, e) < 0)
            return -1;
        v = verdict_of(&r->answer, e);
        if (v == V_OK)
            return 0;
        if (!is_worth_another(v) || nth >= p->attempts)
            return -1;
        ms = backoff_ms(&b, BASE_MS, CAP_MS, nth);
        asked = backoff_asked_ms(&r->answer);
        if (wait_ms(h, ms > asked ? ms : asked, e) < 0)
            return -1;
    }
}

static int send_all(const struct post *p, struct http *h,
                    const struct proxy *proxy, struct text *answer,
                    struct err *e)
{
    struct http_request *r = http_request_new(h, e);
    autotext struct text type = TEXT_INIT, accept = TEXT_INIT;
    bool done = false;
    int result = -1;

    text_addf(&type, "Content-Type: %s", p->type);
    text_addf(&accept, "Accept: %s", p->accept);
    if (r && (type.failed || accept.failed))
        err_nomem(e);
    else if (r) {
        const char *const headers[] = { type.s, accept.s, NULL };

        r->method = "POST";
        r->url = p->url;
        r->proxy = proxy->url;
        r->headers = headers;
        r->body = p->body->s;
        r->body_len = p->body->len;
        r->limit = p->limit;
        r->done = on_done;
        r->owner = &done;
        result = attempts(p, h, r, e);
        if (result == 0)
            text_addn(answer, r->answer.body.s ? r->answer.body.s : "",
                      r->answer.body.s ? r->answer.len : 0);
    }
    http_request_free(r);
    return result == 0 && answer->failed ? err_nomem(e) : result;
}

int post_send(const struct post *p, struct text *answer, struct err *e)
{
    const struct http_config config = {
        .ca_bundle = p->ca_bundle,
        .user_agent = "ebsimg",
        .connections = 1,
        .connect_seconds = CONNECT_SECONDS,
        .stall_seconds = STALL_SECONDS,
        .request_seconds = REQUEST_SECONDS,
    };
    struct proxy proxy = { 0 };
    struct http *h;
    int r = -1;

    if (post_check_url(p->url, e) < 0)
        return -1;
    h = proxy_find(p->url, &proxy, e) < 0 ? NULL : http_new(&config, e);
    if (h)
        r = send_all(p, h, &proxy, answer, e);
    http_free(h);
    proxy_free(&proxy);
    return r;
}
