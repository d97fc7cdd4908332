/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/number.h"
#include "base/scope.h"

#define BACKLOG 64

/* ------------------------------------------------------------ Unix socket */

static int make_folder(struct listener *l, struct err *e)
{
    const char *base = getenv("XDG_RUNTIME_DIR");
    autotext struct text t = TEXT_INIT;

    if (!base || access(base, W_OK) < 0)
        base = getenv("TMPDIR");
    text_addf(&t, "%s/ebsimg-XXXXXX", base && *base ? base : "/tmp");
    if (t.failed)
        return err_nomem(e);
    if (!mkdtemp(t.s))
        return err_set(e, ERR_DEST, errno, "cannot make the folder %s", t.s);
    l->folder = t.s;
    t = (struct text)TEXT_INIT;
    return 0;
}

static int name_socket(struct listener *l, const char *path, struct err *e)
{
    autofree char *here = path && *path != '/' ? getcwd(NULL, 0) : NULL;
    struct text t = TEXT_INIT;

    if (!path && make_folder(l, e) < 0)
        return -1;
    if (here)
        text_addf(&t, "%s/", here);
    if (path)
        text_add(&t, path);
    else
        text_addf(&t, "%s/nbd.sock", l->folder);
    if (t.failed)
        return err_nomem(e);
    l->path = t.s;
    return 0;
}

/* Linux gives the socket in the file system the mode of the descriptor, so
 * there is no moment in which others could open it. */
static int bind_path(struct listener *l, const struct sockaddr_un *to,
                     struct err *e)
{
    l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->fd < 0 || fchmod(l->fd, 0600) < 0)
        return err_set(e, ERR_INTERNAL, errno, "cannot make a socket");
    if (bind(l->fd, (const struct sockaddr *)to, sizeof(*to)) == 0)
        return 0;
    if (errno == EADDRINUSE)
        err_set(e, ERR_DEST, 0, "%s exists; remove it when nothing serves "
                "there any more", to->sun_path);
    else
        err_set(e, ERR_DEST, errno, "cannot make the socket %s",
                to->sun_path);
    free(l->path); /* it is somebody else's: not removed */
    l->path = NULL;
    return -1;
}

static int open_path(struct listener *l, const char *path, struct err *e)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };

    if (name_socket(l, path, e) < 0)
        return -1;
    if (strlen(l->path) >= sizeof(to.sun_path)) {
        err_set(e, ERR_USAGE, 0, "the path of a socket has at most %zu bytes: "
                "%s", sizeof(to.sun_path) - 1, l->path);
        free(l->path);
        l->path = NULL;
        return -1;
    }
    strcpy(to.sun_path, l->path);
    return bind_path(l, &to, e);
}

/* -------------------------------------------------------------------- TCP */

union any_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* HOST:PORT apart; false: it is not that. */
static bool split(const char *address, char host[64], uint64_t *port)
{
    const char *colon = strrchr(address, ':');
    size_t n = colon ? (size_t)(colon - address) : 0;

    if (n >= 2 && address[0] == '[' && address[n - 1] == ']') {
        address++;
        n -= 2;
    }
    if (!n || n >= 64 || number_parse(colon + 1, port) < 0 || *port > 65535)
        return false;
    memcpy(host, address, n);
    host[n] = '\0';
    return true;
}

/* Its length when it is an address of this machine for itself, else 0. */
static socklen_t loopback(const char *host, uint64_t port,
                          union any_address *a)
{
    memset(a, 0, sizeof(*a));
    if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1
        && ntohl(a->v4.sin_addr.s_addr) >> 24 == 127) {
        a->v4.sin_family = AF_INET;
        a->v4.sin_port = htons((uint16_t)port);
        return sizeof(a->v4);
    }
    if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1
        && IN6_IS_ADDR_LOOPBACK(&a->v6.sin6_addr)) {
        a->v6.sin6_family = AF_INET6;
        a->v6.sin6_port = htons((uint16_t)port);
        return sizeof(a->v6);
    }
    return 0;
}

/* With the port that the system has chosen. */
static int say_address(struct listener *l, const char *host, struct err *e)
{
    union any_address a;
    socklen_t n = sizeof(a);
    struct text t = TEXT_INIT;
    bool v6;

    if (getsockname(l->fd, &a.any, &n) < 0)
        return err_set(e, ERR_INTERNAL, errno, "cannot look at a socket");
    v6 = a.any.sa_family == AF_INET6;
    text_addf(&t, v6 ? "[%s]:%u" : "%s:%u", host,
              (unsigned)ntohs(v6 ? a.v6.sin6_port : a.v4.sin_port));
    if (t.failed)
        return err_nomem(e);
    l->address = t.s;
    return 0;
}

static int open_tcp(struct listener *l, const char *address, struct err *e)
{
    union any_address a;
    char host[64];
    uint64_t port;
    socklen_t n;
    int on = 1;

    if (!split(address, host, &port))
        return err_set(e, ERR_USAGE, 0, "--listen %s: an address and a port "
                       "are wanted, such as 127.0.0.1:10809", address);
    if (!(n = loopback(host, port, &a)))
        return err_set(e, ERR_USAGE, 0, "--listen %s: NBD is served at "
                       "127.0.0.1 and [::1] alone; from elsewhere "
                       "reach the socket through ssh -L", address);
    l->fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->fd < 0)
        return err_set(e, ERR_INTERNAL, errno, "cannot make a socket");
    setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(l->fd, &a.any, n) < 0)
        return err_set(e, ERR_DEST, errno, "cannot listen at %s", address);
    return say_address(l, host, e);
}

/* -------------------------------------------------------------------- both */

int listener_open(struct listener *l, const char *path, const char *address,
                  struct err *e)
{
    return address ? open_tcp(l, address, e) : open_path(l, path, e);
}

int listener_start(struct listener *l, struct err *e)
{
    if (listen(l->fd, BACKLOG) < 0)
        return err_set(e, ERR_INTERNAL, errno, "cannot listen");
    return 0;
}

void listener_close(struct listener *l)
{
    if (l->fd >= 0)
        close(l->fd);
    if (l->path)
        unlink(l->path);
    if (l->folder)
        rmdir(l->folder);
    free(l->path);
    free(l->folder);
    free(l->address);
    tls_free(l->tls);
    *l = (struct listener)LISTENER_INIT;
}

int listener_next(const struct listener *l, int ms)
{
    struct pollfd p = { .fd = l->fd, .events = POLLIN };
    int on = 1;
    int fd;

    if (poll(&p, 1, ms) <= 0)
        return -1;
    fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0 && !l->path)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
}

/* Slashes stay: they mean nothing in a query, and people read them. */
static void add_path(struct text *t, const char *path)
{
    for (const char *p = path; *p; p++) {
        char one[] = { *p, '\0' };

        if (*p == '/')
            text_add(t, "/");
        else
            text_add_percent(t, one);
    }
}

void listener_add_uri(const struct listener *l, const char *name,
                      struct text *t)
{
    if (l->path)
        text_addf(t, "nbd%s+unix:///", l->tls ? "s" : "");
    else
        text_addf(t, "nbd%s://%s/", l->tls ? "s" : "", l->address);
    text_add_percent(t, name);
    if (l->path) {
        text_add(t, "?socket=");
        add_path(t, l->path);
    }
}
