/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/ca.h"
#include "net/http-fault.h"
#include "net/http-loop.h"
#include "net/http-setup.h"
#include "net/tls.h"

enum {
    HEADER_LIMIT = 16 * 1024,
    ERROR_BODY_LIMIT = 64 * 1024,  /* kept of the body of an error */
    ERROR_BODY_END = 1024 * 1024,  /* and read, so that a connection lasts */
};

struct http {
    CURLM *multi;
    struct http_loop *loop;
    struct http_config config; /* its strings are the two below */
    char *agent;
    char *ca;
    _Atomic uint64_t idle_ns, bytes;
};

struct http_transfer {
    struct http *http;
    CURL *easy;
    struct curl_slist *headers;
    size_t header_bytes;
    unsigned char *place;  /* of the body, once there is some */
    bool flying;
    bool too_large;
    size_t error_bytes; /* of the body of an error, with what is not kept */
    bool sent;          /* the request has gone out */
    bool unanswered;    /* libcurl wanted to send it once more by itself */
    char words[CURL_ERROR_SIZE];
};

/* ---------------------------------------------------------- what arrives */

/* A new status line begins a new block: only the last one counts (before it
 * there may be a 100). */
static size_t take_header(char *data, size_t one, size_t n, void *ctx)
{
    struct http_request *r = ctx;
    struct http_transfer *t = r->transfer;
    struct text *headers = &r->answer.headers;

    t->header_bytes += one * n;
    if (t->header_bytes > HEADER_LIMIT) {
        t->too_large = true;
        return 0;
    }
    if (memchr(data, '\0', one * n))
        return 0;
    if (one * n >= 5 && memcmp(data, "HTTP/", 5) == 0)
        text_clear(headers);
    if (!headers->len)
        tls_name(t->easy, r->answer.tls);
    text_addn(headers, data, one * n);
    return headers->failed ? 0 : one * n;
}

static int status_of(CURL *easy)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return (int)status;
}

/* The body that was asked for: all of it, or none. */
static size_t take_wanted(struct http_request *r, const char *data, size_t n)
{
    struct http_transfer *t = r->transfer;
    struct http_answer *a = &r->answer;

    if (n > r->limit - a->len) {
        t->too_large = true;
        return 0;
    }
    if (r->place && !t->place)
        t->place = r->place(r);
    assert(!r->place || t->place);
    if (t->place)
        memcpy(t->place + a->len, data, n);
    else
        text_addn(&a->body, data, n);
    a->in_place = t->place;
    a->len += n;
    return a->body.failed ? 0 : n;
}

/* The body of an error: its beginning is enough.  One that goes on and on ends
 * the transfer, and its status counts as if it had ended by itself. */
static size_t take_error(struct http_request *r, const char *data, size_t n)
{
    struct http_answer *a = &r->answer;
    size_t room = ERROR_BODY_LIMIT - a->body.len;

    text_addn(&a->body, data, n < room ? n : room);
    a->len = a->body.len;
    r->transfer->error_bytes += n;
    if (r->transfer->error_bytes > ERROR_BODY_END)
        return 0;
    return a->body.failed ? 0 : n;
}

static size_t take_body(char *data, size_t one, size_t n, void *ctx)
{
    struct http_request *r = ctx;

    r->transfer->http->bytes += one * n;
    if (!r->answer.status)
        r->answer.status = status_of(r->transfer->easy);
    if (r->answer.status == 200)
        return take_wanted(r, data, one * n);
    return take_error(r, data, one * n);
}

/* libcurl sends a request again by itself when a connection that it used
 * before turns out to be closed.  The first may have been served all the same:
 * sending again is the business of those who count and log attempts. */
static int about_to_send(void *ctx, char *peer_ip, char *local_ip,
                         int peer_port, int local_port)
{
    struct http_transfer *t = ((struct http_request *)ctx)->transfer;

    (void)peer_ip;
    (void)local_ip;
    (void)peer_port;
    (void)local_port;
    t->unanswered = t->sent;
    t->sent = true;
    return t->unanswered ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* -------------------------------------------------------------- requests */

static void set_hooks(CURL *easy, struct http_request *r)
{
    curl_easy_setopt(easy, CURLOPT_PRIVATE, r);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, r->transfer->words);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, about_to_send);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, r);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, r);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, r);
}

struct http_request *http_request_new(struct http *h, struct err *e)
{
    struct http_request *r = calloc(1, sizeof(*r));
    struct http_transfer *t = calloc(1, sizeof(*t));

    if (!r || !t)
        goto free_both;
    t->http = h;
    t->easy = curl_easy_init();
    if (!t->easy || http_setup(t->easy, &h->config, h->ca) != CURLE_OK)
        goto free_easy;
    r->transfer = t;
    set_hooks(t->easy, r);
    return r;

free_easy:
    curl_easy_cleanup(t->easy);
free_both:
    free(t);
    free(r);
    err_set(e, ERR_INTERNAL, 0, "libcurl cannot make a request as strict as "
            "needed, or there is no memory");
    return NULL;
}

static void answer_clear(struct http_answer *a)
{
    a->fault = HTTP_CANCELLED;
    a->fault_text[0] = '\0';
    a->status = 0;
    a->len = 0;
    a->in_place = false;
    a->peer[0] = '\0';
    a->tls[0] = '\0';
    a->began = clock_monotonic(&clock_system);
    a->ended = 0;
    a->body.failed = false;
    a->headers.failed = false;
    text_clear(&a->body);
    text_clear(&a->headers);
}

/* The list that libcurl sends; curl_slist_append() leaves it when it fails. */
static int add_headers(struct http_transfer *t, const char *const *lines)
{
    struct curl_slist *l;

    assert(!t->headers);
    for (; *lines; lines++) {
        l = curl_slist_append(t->headers, *lines);
        if (!l)
            return -1;
        t->headers = l;
    }
    l = curl_slist_append(t->headers, "Expect:"); /* no 100-continue */
    if (!l)
        return -1;
    t->headers = l;
    return 0;
}

static void drop_headers(struct http_transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(t->headers);
    t->headers = NULL;
}

static CURLcode aim_method(CURL *easy, const struct http_request *r)
{
    bool put = strcmp(r->method, "PUT") == 0;
    CURLcode c = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST,
                                  put ? "PUT" : NULL);

    if (c == CURLE_OK && strcmp(r->method, "GET") == 0)
        return curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    assert(put || strcmp(r->method, "POST") == 0);
    if (c == CURLE_OK)
        c = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (c == CURLE_OK)
        c = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                             (curl_off_t)r->body_len);
    if (c == CURLE_OK)
        c = curl_easy_setopt(easy, CURLOPT_POSTFIELDS,
                             r->body_len ? r->body : "");
    return c;
}

static int aim(struct http_request *r)
{
    CURL *easy = r->transfer->easy;

    if (add_headers(r->transfer, r->headers) < 0
        || aim_method(easy, r) != CURLE_OK
        || curl_easy_setopt(easy, CURLOPT_URL, r->url) != CURLE_OK
        || curl_easy_setopt(easy, CURLOPT_PROXY, r->proxy ? r->proxy : "")
            != CURLE_OK
        || curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, (long)r->fresh)
            != CURLE_OK
        || curl_easy_setopt(easy, CURLOPT_HTTPHEADER, r->transfer->headers)
            != CURLE_OK)
        return -1;
    return 0;
}

int http_send(struct http *h, struct http_request *r, struct err *e)
{
    struct http_transfer *t = r->transfer;

    assert(!t->flying && t->http == h);
    answer_clear(&r->answer);
    t->header_bytes = 0;
    t->place = NULL;
    t->too_large = false;
    t->error_bytes = 0;
    t->sent = false;
    t->unanswered = false;
    t->words[0] = '\0';
    if (aim(r) < 0 || curl_multi_add_handle(h->multi, t->easy) != CURLM_OK) {
        drop_headers(t);
        return err_set(e, ERR_INTERNAL, 0, "libcurl refuses the request");
    }
    t->flying = true;
    return 0;
}

void http_cancel(struct http_request *r)
{
    struct http_transfer *t = r->transfer;

    if (!t->flying)
        return;
    curl_multi_remove_handle(t->http->multi, t->easy);
    drop_headers(t);
    t->flying = false;
    r->answer.fault = HTTP_CANCELLED;
}

void http_request_free(struct http_request *r)
{
    if (!r)
        return;
    http_cancel(r);
    curl_easy_cleanup(r->transfer->easy);
    free(r->transfer);
    /* It can hold keys. */
    if (r->answer.body.s)
        secret_wipe(r->answer.body.s, r->answer.body.len);
    text_free(&r->answer.body);
    text_free(&r->answer.headers);
    free(r);
}

/* -------------------------------------------------------------- the loop */

static void note_peer(CURL *easy, struct http_answer *a)
{
    const char *ip = NULL;
    long port = 0;

    curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &ip);
    curl_easy_getinfo(easy, CURLINFO_PRIMARY_PORT, &port);
    if (ip && *ip)
        snprintf(a->peer, sizeof(a->peer), strchr(ip, ':') ? "[%s]:%ld"
                                                           : "%s:%ld",
                 ip, port);
}

/* libcurl names a proxy that it cannot use as it was given, with its
 * password. */
static void note_words(struct http_answer *a, const char *words)
{
    autotext struct text t = TEXT_INIT;

    text_add_url(&t, words);
    snprintf(a->fault_text, sizeof(a->fault_text), "%s", t.s ? t.s : "");
}

static void note_fault(struct http_request *r, CURLcode code)
{
    struct http_transfer *t = r->transfer;
    struct http_answer *a = &r->answer;
    const char *words = t->words[0] ? t->words : curl_easy_strerror(code);

    a->fault = http_fault_of(code, words);
    if (code == CURLE_WRITE_ERROR && t->error_bytes > ERROR_BODY_END)
        a->fault = HTTP_ANSWERED; /* it was cut here */
    if (t->unanswered) {
        words = "the server closed the connection without an answer";
    } else if (t->too_large) {
        a->fault = HTTP_TOO_LARGE;
        words = t->header_bytes > HEADER_LIMIT ? "its headers" : "its body";
    } else if (a->fault == HTTP_ANSWERED && a->status < 200) {
        a->fault = HTTP_BROKEN;
        words = "the answer has no status";
    }
    if (a->fault != HTTP_ANSWERED)
        note_words(a, words);
}

static void finish(struct http *h, CURL *easy, CURLcode code)
{
    struct http_request *r = NULL;

    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &r);
    curl_multi_remove_handle(h->multi, easy);
    drop_headers(r->transfer);
    r->transfer->flying = false;
    r->answer.ended = clock_monotonic(&clock_system);
    r->answer.status = status_of(easy);
    note_peer(easy, &r->answer);
    note_fault(r, code);
    r->done(r);
}

int http_poll(struct http *h, int milliseconds, struct err *e)
{
    CURLMsg *m;
    int left;

    if (http_loop_turn(h->loop, milliseconds, &h->idle_ns, e) < 0)
        return -1;
    while ((m = curl_multi_info_read(h->multi, &left)))
        if (m->msg == CURLMSG_DONE)
            finish(h, m->easy_handle, m->data.result);
    return 0;
}

const char *http_ca_file(const struct http *h)
{
    return h->ca ? h->ca : ca_built_in();
}

const char *http_ca_folder(const struct http *h)
{
    return h->ca ? NULL : ca_built_in_folder();
}

bool http_ca_is_usual(const struct http *h)
{
    const char *system = ca_system();

    return !h->ca || (system && strcmp(h->ca, system) == 0);
}

uint64_t http_idle_ns(const struct http *h)
{
    return h->idle_ns;
}

uint64_t http_bytes(const struct http *h)
{
    return h->bytes;
}

void http_wake(struct http *h)
{
    http_loop_wake(h->loop);
}

/* ------------------------------------------------------------ beginnings */

static CURLcode global_result;

/* With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE alone: a connection that the
 * server has closed must not end the program. */
static void global_init(void)
{
    struct sigaction now;

    global_result = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

static int open_multi(struct http *h, struct err *e)
{
    long n = (long)h->config.connections;

    if (global_result == CURLE_OK)
        h->multi = curl_multi_init();
    if (!h->multi
        || curl_multi_setopt(h->multi, CURLMOPT_PIPELINING,
                             (long)CURLPIPE_NOTHING) != CURLM_OK
        || curl_multi_setopt(h->multi, CURLMOPT_MAX_HOST_CONNECTIONS, n)
            != CURLM_OK
        || curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, n + 4)
            != CURLM_OK)
        return err_set(e, ERR_INTERNAL, 0, "libcurl cannot start");
    h->loop = http_loop_new(h->multi, e);
    return h->loop ? 0 : -1;
}

struct http *http_new(const struct http_config *config, struct err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct http *h = calloc(1, sizeof(*h));

    pthread_once(&once, global_init);
    if (!h) {
        err_nomem(e);
        return NULL;
    }
    h->config = *config;
    h->agent = strdup(config->user_agent);
    h->config.user_agent = h->agent;
    if (!h->agent)
        err_nomem(e);
    else if (ca_find(config->ca_bundle, &h->ca, e) == 0
             && open_multi(h, e) == 0)
        return h;
    http_free(h);
    return NULL;
}

void http_free(struct http *h)
{
    if (!h)
        return;
    if (h->multi)
        curl_multi_cleanup(h->multi);
    http_loop_free(h->loop);
    free(h->agent);
    free(h->ca);
    free(h);
}
