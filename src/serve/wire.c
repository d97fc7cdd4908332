/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/wire.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "serve/tls.h"

static ssize_t receive(struct wire *w, void *p, size_t n)
{
    return w->session ? tls_read(w->session, p, n) : recv(w->fd, p, n, 0);
}

bool wire_read(struct wire *w, void *buf, size_t n)
{
    unsigned char *p = buf;

    while (n) {
        ssize_t r = receive(w, p, n);

        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return false;
        p += r;
        n -= (size_t)r;
    }
    return true;
}

bool wire_skip(struct wire *w, uint64_t n)
{
    unsigned char buf[4096];

    while (n) {
        size_t part = n < sizeof(buf) ? (size_t)n : sizeof(buf);

        if (!wire_read(w, buf, part))
            return false;
        n -= part;
    }
    return true;
}

/* `more' comes at once. */
static ssize_t give(struct wire *w, const void *p, size_t n, bool more)
{
    return w->session ? tls_write(w->session, p, n)
                      : send(w->fd, p, n, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
}

static bool send_all(struct wire *w, const unsigned char *p, size_t n,
                     bool more)
{
    while (n) {
        ssize_t r = give(w, p, n, more);

        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return false;
        p += r;
        n -= (size_t)r;
    }
    return true;
}

bool wire_write(struct wire *w, const void *buf, size_t n)
{
    return send_all(w, buf, n, false);
}

bool wire_write_both(struct wire *w, const void *head, size_t head_n,
                     const void *body, size_t n)
{
    return send_all(w, head, head_n, n > 0) && send_all(w, body, n, false);
}

void wire_patience(const struct wire *w, unsigned seconds)
{
    struct timeval t = { .tv_sec = seconds };

    setsockopt(w->fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
}

bool wire_begin_tls(struct wire *w)
{
    w->session = tls_begin(w->tls, w->fd);
    return w->session;
}

void wire_end_tls(struct wire *w)
{
    tls_end(w->session);
    w->session = NULL;
}

/* ---------------------------------------------------------------- numbers */

static void put(struct message *m, uint64_t v, unsigned bytes)
{
    while (bytes--)
        *m->at++ = (unsigned char)(v >> (8 * bytes));
}

static uint64_t get(const unsigned char *p, unsigned bytes)
{
    uint64_t v = 0;

    while (bytes--)
        v = v << 8 | *p++;
    return v;
}

void wire_put16(struct message *m, unsigned v)
{
    put(m, v, 2);
}

void wire_put32(struct message *m, uint32_t v)
{
    put(m, v, 4);
}

void wire_put64(struct message *m, uint64_t v)
{
    put(m, v, 8);
}

unsigned wire_get16(const unsigned char *p)
{
    return (unsigned)get(p, 2);
}

uint32_t wire_get32(const unsigned char *p)
{
    return (uint32_t)get(p, 4);
}

uint64_t wire_get64(const unsigned char *p)
{
    return get(p, 8);
}
