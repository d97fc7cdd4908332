/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http-loop.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

/* Sockets that one turn looks at; the others have their turn next. */
#define READY_MAX 64

#define NEVER UINT64_MAX

struct http_loop {
    CURLM *multi;
    int epoll;
    int wake;           /* an eventfd */
    uint64_t deadline;  /* monotonic ns when libcurl wants to be called */
    struct err broken;  /* ERR_NONE, or why it cannot go on */
};

/* ------------------------------------------------------ what libcurl says */

static uint32_t events_of(int what)
{
    return (what & CURL_POLL_IN ? EPOLLIN : 0u)
        | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
}

/* Whether it is new follows from the kernel's answer: libcurl may not always
 * tell when a descriptor was closed and came back as another. */
static void watch(struct http_loop *l, int fd, int what)
{
    struct epoll_event ev = { .events = events_of(what), .data.fd = fd };

    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) < 0
        && (errno != EEXIST
            || epoll_ctl(l->epoll, EPOLL_CTL_MOD, fd, &ev) < 0))
        err_set(&l->broken, ERR_INTERNAL, errno, "cannot watch a connection");
}

/* One that is closed already has left by itself, as long as no other process
 * has it: this program starts none. */
static void forget(struct http_loop *l, int fd)
{
    struct epoll_event unused;

    epoll_ctl(l->epoll, EPOLL_CTL_DEL, fd, &unused);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx,
                     void *unused)
{
    (void)easy;
    (void)unused;
    if (what == CURL_POLL_REMOVE)
        forget(ctx, fd);
    else
        watch(ctx, fd, what);
    return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *ctx)
{
    struct http_loop *l = ctx;

    (void)multi;
    l->deadline = milliseconds < 0 ? NEVER
        : clock_monotonic(&clock_system)
          + (uint64_t)milliseconds * NS_PER_MS;
    return 0;
}

/* --------------------------------------------------------------- one turn */

/* Rounded up: a turn that comes too early is in vain. */
static int until_deadline(const struct http_loop *l, uint64_t now, int most)
{
    uint64_t ms;

    if (l->deadline <= now)
        return 0;
    ms = (l->deadline - now - 1) / NS_PER_MS + 1;
    return ms < (uint64_t)most ? (int)ms : most;
}

static int wait_for(struct http_loop *l, struct epoll_event *ready,
                    int milliseconds, _Atomic uint64_t *idle)
{
    uint64_t began = clock_monotonic(&clock_system);
    int n = epoll_wait(l->epoll, ready, READY_MAX,
                       until_deadline(l, began, milliseconds));

    *idle += clock_monotonic(&clock_system) - began;
    if (n >= 0 || errno == EINTR)
        return n < 0 ? 0 : n;
    err_set(&l->broken, ERR_INTERNAL, errno, "cannot wait for the network");
    return -1;
}

static void act(struct http_loop *l, int fd, int what)
{
    int running;
    CURLMcode r = curl_multi_socket_action(l->multi, fd, what, &running);

    if (r != CURLM_OK)
        err_set(&l->broken, ERR_INTERNAL, 0, "libcurl: %s",
                curl_multi_strerror(r));
}

static void take_wake(const struct http_loop *l)
{
    uint64_t count;

    if (read(l->wake, &count, sizeof(count)) < 0)
        return; /* nobody else takes it: there was none */
}

/* An error alone is 0: then libcurl looks at the socket itself. */
static void take_event(struct http_loop *l, const struct epoll_event *ev)
{
    int what = (ev->events & EPOLLIN ? CURL_CSELECT_IN : 0)
        | (ev->events & EPOLLOUT ? CURL_CSELECT_OUT : 0);

    if (ev->data.fd == l->wake)
        take_wake(l);
    else
        act(l, ev->data.fd, what);
}

/* libcurl sets the next one meanwhile, or there is none. */
static void take_timer(struct http_loop *l)
{
    l->deadline = NEVER;
    act(l, CURL_SOCKET_TIMEOUT, 0);
}

/* When nothing has happened libcurl is called all the same, should its timer
 * ever be lost.  A socket that is, ends by libcurl's own timers. */
int http_loop_turn(struct http_loop *l, int milliseconds,
                   _Atomic uint64_t *idle, struct err *e)
{
    struct epoll_event ready[READY_MAX];
    int n = wait_for(l, ready, milliseconds, idle);

    for (int i = 0; i < n; i++)
        take_event(l, &ready[i]);
    if (n == 0 || l->deadline <= clock_monotonic(&clock_system))
        take_timer(l);
    if (l->broken.kind == ERR_NONE)
        return 0;
    *e = l->broken;
    return -1;
}

void http_loop_wake(struct http_loop *l)
{
    const uint64_t one = 1;

    if (write(l->wake, &one, sizeof(one)) < 0)
        return; /* it is full of wakes already */
}

/* ------------------------------------------------------------- make, free */

static int open_both(struct http_loop *l, struct err *e)
{
    struct epoll_event ev = { .events = EPOLLIN };

    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (l->epoll >= 0)
        l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ev.data.fd = l->wake;
    if (l->wake >= 0 && epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->wake, &ev) == 0)
        return 0;
    return err_set(e, ERR_INTERNAL, errno, "cannot watch connections");
}

static int take_over(struct http_loop *l, struct err *e)
{
    if (curl_multi_setopt(l->multi, CURLMOPT_SOCKETFUNCTION, on_socket)
            != CURLM_OK
        || curl_multi_setopt(l->multi, CURLMOPT_SOCKETDATA, l) != CURLM_OK
        || curl_multi_setopt(l->multi, CURLMOPT_TIMERFUNCTION, on_timer)
            != CURLM_OK
        || curl_multi_setopt(l->multi, CURLMOPT_TIMERDATA, l) != CURLM_OK)
        return err_set(e, ERR_INTERNAL, 0, "libcurl cannot start");
    return 0;
}

struct http_loop *http_loop_new(CURLM *multi, struct err *e)
{
    struct http_loop *l = malloc(sizeof(*l));

    if (!l) {
        err_nomem(e);
        return NULL;
    }
    *l = (struct http_loop){ multi, -1, -1, NEVER, ERR_INIT };
    if (open_both(l, e) == 0 && take_over(l, e) == 0)
        return l;
    http_loop_free(l);
    return NULL;
}

void http_loop_free(struct http_loop *l)
{
    if (!l)
        return;
    if (l->epoll >= 0)
        close(l->epoll);
    if (l->wake >= 0)
        close(l->wake);
    free(l);
}
