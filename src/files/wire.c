/* SPDX-License-Identifier: Apache-2.0 */
#include "files/wire.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ENOUGH 65536u

struct head {
    uint32_t kind, size;
};

/* Until there is something to read, or room to write; whoever has no check may
 * wait for ever in the call itself. */
static int await(struct wire *w, short what, struct err *e)
{
    struct pollfd p = { w->fd, what, 0 };

    if (!w->check)
        return 0;
    for (;;) {
        int r = poll(&p, 1, 200);

        if (w->check(e) < 0)
            return -1;
        if (r > 0)
            return 0;
        if (r < 0 && errno != EINTR)
            return err_set(e, ERR_INTERNAL, errno, "poll");
    }
}

static int send_all(struct wire *w, const char *p, size_t n, struct err *e)
{
    while (n) {
        ssize_t r;

        if (await(w, POLLOUT, e) < 0)
            return -1;
        r = w->check ? send(w->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL)
                     : write(w->fd, p, n);
        /* It is gone; what it said last may be there to be read. */
        if (r < 0 && (errno == EPIPE || errno == ECONNRESET))
            return 0;
        if (r < 0 && errno != EINTR && errno != EAGAIN)
            return err_set(e, ERR_INTERNAL, errno, "write to the other "
                           "process");
        if (r > 0) {
            p += r;
            n -= (size_t)r;
        }
    }
    return 0;
}

int wire_flush(struct wire *w, struct err *e)
{
    int r;

    if (w->out.failed)
        return err_nomem(e);
    r = send_all(w, w->out.s, w->out.len, e);
    text_clear(&w->out);
    return r;
}

int wire_put(struct wire *w, enum wire_kind kind, const void *a, size_t na,
             const void *b, size_t nb, struct err *e)
{
    struct head h = { kind, (uint32_t)(na + nb) };

    if (na > WIRE_MAX || nb > WIRE_MAX - na)
        return err_set(e, ERR_INTERNAL, 0, "a message is too long");
    text_addn(&w->out, (const char *)&h, sizeof(h));
    text_addn(&w->out, a, na);
    if (nb)
        text_addn(&w->out, b, nb);
    return w->out.len >= ENOUGH || w->out.failed ? wire_flush(w, e) : 0;
}

/* 1; 0: it is over. */
static int receive(struct wire *w, void *to, size_t n, struct err *e)
{
    char *p = to;

    while (n) {
        ssize_t r;

        if (await(w, POLLIN, e) < 0)
            return -1;
        r = read(w->fd, p, n);
        if (r == 0 || (r < 0 && errno == ECONNRESET))
            return 0;
        if (r < 0 && errno != EINTR)
            return err_set(e, ERR_INTERNAL, errno, "read from the other "
                           "process");
        if (r > 0) {
            p += r;
            n -= (size_t)r;
        }
    }
    return 1;
}

/* Room for all of a message, and a NUL behind it. */
static int make_room(struct text *t, size_t n, struct err *e)
{
    static const char zeros[4096];

    text_clear(t);
    while (t->len < n && !t->failed)
        text_addn(t, zeros, n - t->len < sizeof(zeros) ? n - t->len
                                                       : sizeof(zeros));
    if (n == 0)
        text_add(t, "");
    return t->failed ? err_nomem(e) : 0;
}

int wire_get(struct wire *w, enum wire_kind *kind, struct err *e)
{
    struct head h;
    int r;

    if (wire_flush(w, e) < 0)
        return -1;
    r = receive(w, &h, sizeof(h), e);
    if (r <= 0)
        return r;
    if (h.size > WIRE_MAX)
        return err_set(e, ERR_SOURCE, 0, "the process that reads the file "
                       "systems sent a message of %u bytes", h.size);
    if (make_room(&w->in, h.size, e) < 0)
        return -1;
    *kind = (enum wire_kind)h.kind;
    return h.size ? receive(w, w->in.s, h.size, e) : 1;
}

void wire_free(struct wire *w)
{
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
    text_free(&w->out);
    text_free(&w->in);
}
