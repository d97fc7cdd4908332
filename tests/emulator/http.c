/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "codec.h"
#include "delay.h"
#include "request.h"
#include "scope.h"
#include "server.h"
#include "wire.h"

struct http {
    struct MHD_Daemon *daemon;
    const struct server *server;
    char url[128];
    struct bytes cert;
    struct bytes key;
    char problem[200]; /* why it does not start, in the library's words */
    atomic_bool started;
};

/* A request on its way through the callbacks. */
struct exchange {
    struct request request;
    enum { NEW, READING, SERVED } stage;
};

/* The first callback of a request, and the only one with the raw target. */
static void *on_target(void *cls, const char *target,
                       struct MHD_Connection *c)
{
    const struct http *h = cls;
    struct exchange *x = calloc(1, sizeof(*x));
    char *question;

    (void)c;
    if (!x)
        return NULL;
    x->request.server = h->server;
    x->request.path = strdup(target);
    if (!x->request.path) {
        free(x);
        return NULL;
    }
    question = strchr(x->request.path, '?');
    x->request.query = question ? question + 1 : strchr(x->request.path, '\0');
    if (question)
        *question = '\0';
    return x;
}

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind,
                                 const char *name, const char *value)
{
    struct request *r = cls;

    (void)kind;
    if (r->header_count == REQUEST_HEADERS)
        return MHD_NO;
    r->headers[r->header_count++] =
        (struct request_header){ name, value ? value : "" };
    return MHD_YES;
}

static void read_address(struct request *r, struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    if (!info || !info->client_addr)
        return;
    getnameinfo(info->client_addr,
                info->client_addr->sa_family == AF_INET6
                    ? sizeof(struct sockaddr_in6)
                    : sizeof(struct sockaddr_in),
                r->address, sizeof(r->address), NULL, 0, NI_NUMERICHOST);
}

/* GnuTLS numbers protocol versions: 4 is TLS 1.2, 5 is TLS 1.3. */
static void read_tls(struct request *r, struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info;

    if (!r->server->tls)
        return;
    info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_PROTOCOL);
    r->tls_version = info && info->protocol == 5   ? "TLSv1.3"
                     : info && info->protocol == 4 ? "TLSv1.2"
                                                   : "TLS";
}

static void add_body(struct request *r, const char *data, size_t len)
{
    if (r->body.len + len > REQUEST_BODY_MAX)
        r->too_large = true;
    else
        bytes_add(&r->body, data, len);
}

static enum MHD_Result send_answer(struct exchange *x,
                                   struct MHD_Connection *c)
{
    struct request *r = &x->request;
    const struct answer *a = &r->answer;
    struct MHD_Response *response;
    enum MHD_Result result;

    if (effect_on(&r->fx, FX_RESET)) {
        wire_reset(c);
        return MHD_NO;
    }
    response = wire_response(r, c);
    if (!response)
        return MHD_NO;
    for (size_t i = 0; i < a->header_count; i++)
        MHD_add_response_header(response, a->headers[i].name,
                                a->headers[i].value);
    if (a->type)
        MHD_add_response_header(response, "Content-Type", a->type);
    if (a->close)
        MHD_add_response_header(response, "Connection", "close");
    result = MHD_queue_response(c, a->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result serve(struct exchange *x, struct MHD_Connection *c)
{
    struct request *r = &x->request;
    int64_t wait;

    if (x->stage == SERVED)
        return send_answer(x, c);
    x->stage = SERVED;
    MHD_get_connection_values(c, MHD_HEADER_KIND, on_header, r);
    read_address(r, c);
    read_tls(r, c);
    request_serve(r);
    wait = effect_or(&r->fx, FX_LATENCY, 0) +
           effect_or(&r->fx, FX_STALL, 0) * 1000;
    if (wait <= 0)
        return send_answer(x, c);
    /* This is called again when the time is over. */
    delay_suspend(r->server->delay, c, wait);
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c,
                                  const char *url, const char *method,
                                  const char *version, const char *data,
                                  size_t *len, void **context)
{
    struct exchange *x = *context;

    (void)cls;
    (void)url;
    (void)version;
    if (!x)
        return MHD_NO;
    if (x->stage == NEW) {
        x->request.method = method;
        x->stage = READING;
        return MHD_YES;
    }
    if (*len) {
        add_body(&x->request, data, *len);
        *len = 0;
        return MHD_YES;
    }
    return serve(x, c);
}

static void on_end(void *cls, struct MHD_Connection *c, void **context,
                   enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *context;

    (void)cls;
    (void)c;
    (void)why;
    if (!x)
        return;
    request_clear(&x->request);
    free(x);
    *context = NULL;
}

static int read_pem(const char *path, struct bytes *out, struct fail *f)
{
    autofclose FILE *in = fopen(path, "re");
    char part[4096];
    size_t n;

    if (!in)
        return fail(f, errno, "open %s", path);
    while ((n = fread(part, 1, sizeof(part), in)) > 0)
        bytes_add(out, part, n);
    if (ferror(in))
        return fail(f, errno, "read %s", path);
    (void)bytes_text(out);
    return 0;
}

static int split_address(const char *text, char *host, size_t room,
                         const char **port, struct fail *f)
{
    const char *colon = strrchr(text, ':');
    const char *start = text[0] == '[' ? text + 1 : text;
    uint64_t number;
    size_t len;

    if (!colon || !codec_number(colon + 1, 65535, &number))
        return fail(f, 0, "'%s' is not ADDR:PORT", text);
    len = (size_t)(colon - start);
    if (start != text && len && start[len - 1] == ']')
        len--;
    if (len >= room)
        return fail(f, 0, "'%s' is too long", text);
    memcpy(host, start, len);
    host[len] = '\0';
    *port = colon + 1;
    return 0;
}

static int resolve(const char *text, struct addrinfo **out, struct fail *f)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                              .ai_socktype = SOCK_STREAM };
    char host[64];
    const char *port = NULL;
    int problem;

    if (split_address(text, host, sizeof(host), &port, f) < 0)
        return -1;
    problem = getaddrinfo(host, port, &hints, out);
    return problem ? fail(f, 0, "'%s': %s", text, gai_strerror(problem)) : 0;
}

static void make_url(struct http *h, const struct addrinfo *address)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
    bool six = address->ai_family == AF_INET6;
    char host[64] = "";

    getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof(host),
                NULL, 0, NI_NUMERICHOST);
    snprintf(h->url, sizeof(h->url), "%s://%s%s%s:%u",
             h->server->tls ? "https" : "http", six ? "[" : "", host,
             six ? "]" : "", info ? info->port : 0);
}

/* Once it runs, the library only tells of connections that rules broke. */
__attribute__((format(printf, 2, 0)))
static void on_log(void *cls, const char *fmt, va_list ap)
{
    struct http *h = cls;
    size_t n;

    if (h->started)
        return;
    vsnprintf(h->problem, sizeof(h->problem), fmt, ap);
    n = strlen(h->problem);
    if (n && h->problem[n - 1] == '\n')
        h->problem[n - 1] = '\0';
}

static struct MHD_Daemon *start_daemon(struct http *h,
                                       const struct http_config *c,
                                       const struct addrinfo *address)
{
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, h->cert.at },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, h->key.at },
        { MHD_OPTION_END, 0, NULL },
    };
    /* We write Date ourselves: the clock may be wrong on purpose. */
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG |
                     MHD_ALLOW_SUSPEND_RESUME |
                     MHD_USE_SUPPRESS_DATE_NO_CLOCK;

    if (h->server->tls)
        flags |= MHD_USE_TLS;
    if (address->ai_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, h,
        MHD_OPTION_EXTERNAL_LOGGER, on_log, h,
        MHD_OPTION_SOCK_ADDR, address->ai_addr,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)c->threads,
        MHD_OPTION_CONNECTION_LIMIT, 4096u,
        /* The library clears all of it after every request. */
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(32 * 1024),
        MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, h,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u,
        MHD_OPTION_ARRAY, tls + (h->server->tls ? 0 : 2),
        MHD_OPTION_END);
}

struct http *http_start(const struct http_config *c,
                        const struct server *server, struct fail *f)
{
    struct http *h = calloc(1, sizeof(*h));
    struct addrinfo *address = NULL;

    if (!h) {
        fail(f, 0, "out of memory");
        return NULL;
    }
    h->server = server;
    if (server->tls && (read_pem(c->cert, &h->cert, f) < 0 ||
                        read_pem(c->key, &h->key, f) < 0))
        goto failed;
    if (resolve(c->listen, &address, f) < 0)
        goto failed;
    h->daemon = start_daemon(h, c, address);
    if (!h->daemon) {
        fail(f, 0, "listen on %s: %s", c->listen, h->problem);
        goto failed;
    }
    h->started = true;
    make_url(h, address);
    freeaddrinfo(address);
    return h;
failed:
    if (address)
        freeaddrinfo(address);
    http_stop(h);
    return NULL;
}

void http_stop(struct http *h)
{
    if (!h)
        return;
    if (h->daemon)
        MHD_stop_daemon(h->daemon);
    bytes_free(&h->cert);
    bytes_free(&h->key);
    free(h);
}

const char *http_url(const struct http *h)
{
    return h->url;
}
