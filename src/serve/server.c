/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/server.h"

#include <stdlib.h>
#include <time.h>

#include "base/interrupt.h"
#include "serve/client.h"
#include "show/tell.h"

#define TICK_MS 250

struct server {
    const struct listener *listener;
    const struct exports *all;
    _Atomic uint64_t failed;
    struct client *clients[SERVER_CLIENTS];
    unsigned count;
};

static void let_go(struct server *s, unsigned i)
{
    client_free(s->clients[i]);
    s->clients[i] = s->clients[--s->count];
}

static void clear_gone(struct server *s)
{
    for (unsigned i = s->count; i-- > 0; )
        if (client_is_gone(s->clients[i]))
            let_go(s, i);
}

/* One that cannot be served is turned away; the others are not. */
static void let_in(struct server *s, int fd)
{
    struct err e = ERR_INIT;
    struct client *c = client_start(fd, s->listener->tls, s->all, &s->failed,
                                    &e);

    if (c)
        s->clients[s->count++] = c;
    else
        tell_warning("a client was turned away: %s", e.msg);
}

static void wait_a_tick(void)
{
    struct timespec t = { .tv_nsec = TICK_MS * 1000000l };

    nanosleep(&t, NULL);
}

static void step(struct server *s)
{
    int fd;

    clear_gone(s);
    if (s->count == SERVER_CLIENTS)
        wait_a_tick();
    else if ((fd = listener_next(s->listener, TICK_MS)) >= 0)
        let_in(s, fd);
}

/* Whatever a client waits for: the service may be silent for minutes. */
static void end_all(struct server *s)
{
    struct err why = ERR_INIT;

    err_set(&why, ERR_INTERRUPTED, 0, "the server ends");
    for (unsigned i = 0; i < s->count; i++)
        client_shut(s->clients[i]);
    for (size_t i = 0; i < s->all->count; i++)
        volume_reader_stop(s->all->at[i].reader, &why);
    while (s->count)
        let_go(s, s->count - 1);
}

int server_run(const struct listener *l, const struct exports *all,
               int (*tick)(void *ctx, struct err *e), void *ctx,
               uint64_t *failed, struct err *e)
{
    struct server s = { .listener = l, .all = all };
    int r = 0;

    while (r == 0 && !interrupted) {
        step(&s);
        r = tick(ctx, e);
    }
    end_all(&s);
    *failed = s.failed;
    return r;
}
