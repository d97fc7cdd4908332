/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/client.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/scope.h"
#include "base/thread.h"
#include "serve/answer.h"
#include "show/tell.h"

/* Any of its threads takes the next request and answers it, while the next
 * thread takes the one after that: so one that waits for its block holds up
 * no other. */
struct client {
    struct wire wire;
    const struct exports *all;
    pthread_t first;
    pthread_t helpers[CLIENT_THREADS - 1];
    _Atomic bool gone;
    struct answerer answerer;

    pthread_mutex_t receiving; /* held while a request is read, guards ... */
    bool ended;                /* no more of them come */

    pthread_mutex_t lock;      /* guards the two below */
    unsigned started;          /* helpers */
    unsigned idle;             /* threads that wait for a request */
};

static void *helper_main(void *arg);

static void count_idle(struct client *c, int more)
{
    AUTOLOCK(&c->lock);

    c->idle += (unsigned)more;
}

/* When nobody waits for the next request any more.  Without another thread it
 * takes longer, that is all. */
static void get_help(struct client *c)
{
    AUTOLOCK(&c->lock);
    struct err e = ERR_INIT;

    if (!c->idle && c->started < CLIENT_THREADS - 1
        && thread_start(&c->helpers[c->started], helper_main, c,
                        "nbd-request", &e) == 0)
        c->started++;
}

static bool take(struct client *c, struct request *r)
{
    bool got;

    count_idle(c, 1);
    thread_lock(&c->receiving);
    if (!c->ended)
        c->ended = !request_read(&c->wire, r);
    got = !c->ended;
    thread_unlock(&c->receiving);
    count_idle(c, -1);
    return got;
}

static void serve(struct client *c)
{
    autofree unsigned char *buf = malloc(BLOCK_SIZE);
    struct request r;

    while (buf && take(c, &r)) {
        get_help(c);
        if (!answer(&c->answerer, &r, buf))
            client_shut(c);
    }
    if (!buf)
        client_shut(c);
}

static void *helper_main(void *arg)
{
    serve(arg);
    return NULL;
}

/* A helper may have been started by one that is waited for here. */
static void join_helpers(struct client *c)
{
    for (unsigned i = 0; ; i++) {
        thread_lock(&c->lock);
        bool more = i < c->started;
        thread_unlock(&c->lock);

        if (!more)
            return;
        thread_join(c->helpers[i]);
    }
}

static void *client_main(void *arg)
{
    struct client *c = arg;
    struct replies *to = &c->answerer.replies;

    if (negotiate(&c->wire, c->all, &to->terms)) {
        tell_detail("a client reads %s", to->terms.export->name);
        serve(c);
        join_helpers(c);
    }
    wire_end_tls(&c->wire);
    client_shut(c);
    c->gone = true;
    return NULL;
}

struct client *client_start(int fd, struct tls *tls,
                            const struct exports *all,
                            _Atomic uint64_t *failed, struct err *e)
{
    struct client *c = calloc(1, sizeof(*c));

    if (!c) {
        close(fd);
        err_nomem(e);
        return NULL;
    }
    c->wire = (struct wire){ .fd = fd, .tls = tls };
    c->all = all;
    c->answerer.failed = failed;
    c->answerer.replies.wire = &c->wire;
    pthread_mutex_init(&c->answerer.replies.sending, NULL);
    pthread_mutex_init(&c->answerer.large, NULL);
    pthread_mutex_init(&c->receiving, NULL);
    pthread_mutex_init(&c->lock, NULL);
    if (thread_start(&c->first, client_main, c, "nbd-client", e) == 0)
        return c;
    close(fd);
    free(c);
    return NULL;
}

bool client_is_gone(const struct client *c)
{
    return c->gone;
}

void client_shut(struct client *c)
{
    shutdown(c->wire.fd, SHUT_RDWR);
}

void client_free(struct client *c)
{
    thread_join(c->first);
    close(c->wire.fd);
    pthread_mutex_destroy(&c->answerer.replies.sending);
    pthread_mutex_destroy(&c->answerer.large);
    pthread_mutex_destroy(&c->receiving);
    pthread_mutex_destroy(&c->lock);
    free(c);
}
