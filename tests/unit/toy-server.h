/* SPDX-License-Identifier: Apache-2.0 */
/* A web server of a few lines on this machine, for tests of the client: each
 * test says with a function of its own what is answered, byte by byte. */
#ifndef EBSIMG_TESTS_TOY_SERVER_H
#define EBSIMG_TESTS_TOY_SERVER_H

#include <arpa/inet.h>
#include <assert.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TOY_CONNECTIONS = 256 };

struct toy {
    /* Answers request number `nth' (0 is the first) on this connection;
     * false closes it.  Many threads at once. */
    bool (*serve)(struct toy *t, int fd, unsigned nth, const char *request);
    const char *speaks_first; /* before any request; or NULL */
    atomic_uint requests;
    atomic_uint connections;
    int listener;
    unsigned port;
    char url[64];
    pthread_t acceptor;
    pthread_t threads[TOY_CONNECTIONS];
    pthread_mutex_t lock; /* guards fds */
    int fds[TOY_CONNECTIONS]; /* -1: closed */
};

/* What a connection's thread needs to know. */
struct toy_connection {
    struct toy *toy;
    unsigned number;
    int fd;
};

__attribute__((unused)) static void toy_send(int fd, const void *data,
                                             size_t n)
{
    const char *p = data;

    while (n) {
        ssize_t w = send(fd, p, n, MSG_NOSIGNAL);

        if (w <= 0)
            return;
        p += w;
        n -= (size_t)w;
    }
}

__attribute__((unused, format(printf, 2, 3))) static void
toy_say(int fd, const char *fmt, ...)
{
    char buf[8192];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(buf, sizeof(buf), fmt, ap);
    va_end(ap);
    assert(n >= 0 && (size_t)n < sizeof(buf));
    toy_send(fd, buf, (size_t)n);
}

/* A whole answer; `headers' are lines with their \r\n. */
__attribute__((unused)) static bool toy_answer(int fd, int status,
                                               const char *headers,
                                               const char *body)
{
    toy_say(fd, "HTTP/1.1 %d Words\r\n%sContent-Length: %zu\r\n\r\n%s",
            status, headers, strlen(body), body);
    return true;
}

/* Says nothing until the client or toy_stop() hangs up. */
__attribute__((unused)) static bool toy_hang(int fd)
{
    char c;

    while (recv(fd, &c, 1, 0) > 0)
        ;
    return false;
}

/* Closes with a reset instead of an end. */
__attribute__((unused)) static bool toy_reset(int fd)
{
    struct linger now = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    return false;
}

/* The length of the body that a request announces. */
static size_t toy_body_length(const char *request)
{
    const char *at = strcasestr(request, "\r\nContent-Length:");

    return at ? (size_t)atol(at + strlen("\r\nContent-Length:")) : 0;
}

/* The next request with its body, or false at the end. */
static bool toy_read(int fd, char *buf, size_t room)
{
    size_t n = 0;
    const char *end;

    for (;;) {
        ssize_t r = recv(fd, buf + n, room - n - 1, 0);

        if (r <= 0)
            return false;
        n += (size_t)r;
        buf[n] = '\0';
        end = strstr(buf, "\r\n\r\n");
        if (end && n >= (size_t)(end + 4 - buf) + toy_body_length(buf))
            return true;
        assert(n + 1 < room);
    }
}

static void *toy_connection_main(void *arg)
{
    struct toy_connection c = *(struct toy_connection *)arg;
    char request[16384];

    free(arg);
    if (c.toy->speaks_first)
        toy_send(c.fd, c.toy->speaks_first, strlen(c.toy->speaks_first));
    while (toy_read(c.fd, request, sizeof(request)))
        if (!c.toy->serve(c.toy, c.fd, atomic_fetch_add(&c.toy->requests, 1),
                          request))
            break;
    pthread_mutex_lock(&c.toy->lock);
    close(c.fd);
    c.toy->fds[c.number] = -1;
    pthread_mutex_unlock(&c.toy->lock);
    return NULL;
}

static void *toy_main(void *arg)
{
    struct toy *t = arg;

    for (;;) {
        int fd = accept(t->listener, NULL, NULL);
        unsigned n = atomic_load(&t->connections);
        struct toy_connection *c;

        if (fd < 0)
            return NULL;
        assert(n < TOY_CONNECTIONS);
        c = malloc(sizeof(*c));
        assert(c);
        *c = (struct toy_connection){ t, n, fd };
        t->fds[n] = fd;
        atomic_fetch_add(&t->connections, 1);
        assert(pthread_create(&t->threads[n], NULL, toy_connection_main, c)
               == 0);
    }
}

__attribute__((unused)) static void toy_start(
    struct toy *t,
    bool (*serve)(struct toy *t, int fd, unsigned nth, const char *request))
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);

    memset(t, 0, sizeof(*t));
    t->serve = serve;
    pthread_mutex_init(&t->lock, NULL);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    t->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert(t->listener >= 0);
    assert(bind(t->listener, (struct sockaddr *)&at, sizeof(at)) == 0);
    assert(listen(t->listener, TOY_CONNECTIONS) == 0);
    assert(getsockname(t->listener, (struct sockaddr *)&at, &len) == 0);
    t->port = ntohs(at.sin_port);
    snprintf(t->url, sizeof(t->url), "http://127.0.0.1:%u", t->port);
    assert(pthread_create(&t->acceptor, NULL, toy_main, t) == 0);
}

__attribute__((unused)) static void toy_stop(struct toy *t)
{
    shutdown(t->listener, SHUT_RDWR);
    pthread_join(t->acceptor, NULL);
    close(t->listener);
    for (unsigned i = 0; i < t->connections; i++) {
        pthread_mutex_lock(&t->lock);
        if (t->fds[i] >= 0)
            shutdown(t->fds[i], SHUT_RDWR);
        pthread_mutex_unlock(&t->lock);
        pthread_join(t->threads[i], NULL);
    }
    pthread_mutex_destroy(&t->lock);
}

#endif
