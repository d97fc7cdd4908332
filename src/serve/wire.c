/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/wire.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>

bool wire_read(int fd, void *buf, size_t n)
{
    unsigned char *p = buf;

    while (n) {
        ssize_t r = recv(fd, p, n, 0);

        if (r < 0 && errno == EINTR)
            continue;
        if (r <= 0)
            return false;
        p += r;
        n -= (size_t)r;
    }
    return true;
}

bool wire_skip(int fd, uint64_t n)
{
    unsigned char buf[4096];

    while (n) {
        size_t part = n < sizeof(buf) ? (size_t)n : sizeof(buf);

        if (!wire_read(fd, buf, part))
            return false;
        n -= part;
    }
    return true;
}

static bool send_all(int fd, const unsigned char *p, size_t n, int flags)
{
    while (n) {
        ssize_t r = send(fd, p, n, MSG_NOSIGNAL | flags);

        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return false;
        p += r;
        n -= (size_t)r;
    }
    return true;
}

bool wire_write(int fd, const void *buf, size_t n)
{
    return send_all(fd, buf, n, 0);
}

bool wire_write_both(int fd, const void *head, size_t head_n,
                     const void *body, size_t n)
{
    return send_all(fd, head, head_n, n ? MSG_MORE : 0)
        && send_all(fd, body, n, 0);
}

void wire_patience(int fd, unsigned seconds)
{
    struct timeval t = { .tv_sec = seconds };

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
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
