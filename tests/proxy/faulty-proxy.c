/* SPDX-License-Identifier: Apache-2.0 */
/* A TCP proxy on the loopback interface that is a bad network: `usage' tells
 * what it can do.  What it carries (TLS or not) is none of its business.  The
 * same seed and the same connections give the same faults. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LINKS 512
#define CHUNK (64 * 1024)

static const char usage[] =
"Usage: faulty-proxy --to PORT [OPTION]...\n"
"Carries connections to 127.0.0.1:PORT, and is a bad network meanwhile.\n"
"Prints `ready PORT', then a line for each fault.\n\n"
"  --latency MS     each request is held for 0 to MS milliseconds\n"
"  --rate BYTES     all connections together bring so much a second\n"
"  --within BYTES   where in a connection the next four happen: at a random\n"
"                   byte before this one (1000000)\n"
"  --reset P        reset a connection, with probability P (0 to 1)\n"
"  --close P        close it\n"
"  --silent P       leave it open and carry nothing any more\n"
"  --mute P         accept it and carry nothing at all\n"
"  --freeze FROM:S  S seconds without a packet, FROM seconds after the first\n"
"                   connection; then all goes on\n"
"  --refuse FROM:S  the same, but connections are reset and refused\n"
"  --seed N         which random numbers\n";

enum fate { CARRY, RESET, CLOSE, SILENT, MUTE, FATES };

static const char *const fate_names[] = {
    "carry", "reset", "close", "silent", "mute",
};

struct outage {
    double from, seconds;
    bool over;
};

static struct {
    long to, latency, rate, within, seed;
    double chance[FATES];
    struct outage freeze, refuse;
} opt = { .within = 1000000 };

/* One direction: a chunk is read, held until it is due, and written. */
struct way {
    int from, to;
    size_t len, sent;
    int64_t due;              /* ms */
    bool ended;
    unsigned char chunk[CHUNK];
};

struct link {
    bool used;
    enum fate fate;
    uint64_t fate_at, passed; /* bytes in both directions */
    struct way up, down;
};

static struct link links[LINKS];
static int listener;
static in_port_t port;        /* network order; 0 until it is known */
static int64_t first;         /* ms of the first connection, or 0 */
static int64_t budget, paid;  /* of --rate: bytes, and until when */
static uint64_t random_state;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* 0 <= x < 1 (SplitMix64) */
static double chance(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return (double)(z >> 11) / 9007199254740992.0;
}

/* ----------------------------------------------------------- connections */

static void listen_now(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = port };
    socklen_t n = sizeof(a);
    int on = 1;

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (listener < 0 || bind(listener, (struct sockaddr *)&a, n) < 0
        || listen(listener, 128) < 0
        || getsockname(listener, (struct sockaddr *)&a, &n) < 0)
        die("listen");
    port = a.sin_port;
}

static int connect_now(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET };
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    a.sin_port = htons((uint16_t)opt.to);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s < 0 || connect(s, (struct sockaddr *)&a, sizeof(a)) < 0
        || fcntl(s, F_SETFL, O_NONBLOCK) < 0)
        die("connect");
    return s;
}

static void end_link(struct link *l, bool reset)
{
    struct linger hard = { 1, 0 };

    if (reset)
        setsockopt(l->up.from, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
    close(l->up.from);
    close(l->down.from);
    l->used = false;
}

static void draw_fate(struct link *l)
{
    double x = chance();

    l->fate_at = (uint64_t)(chance() * (double)opt.within);
    l->fate = CARRY;
    for (int f = RESET; f < FATES; f++) {
        if (x < opt.chance[f]) {
            l->fate = (enum fate)f;
            break;
        }
        x -= opt.chance[f];
    }
    if (l->fate == MUTE)
        l->fate_at = 0;
}

static void start_way(struct way *w, int from, int to)
{
    w->from = from;
    w->to = to;
    w->len = w->sent = 0;
    w->ended = false;
}

static void accept_link(void)
{
    int client = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct link *l = links;
    int server;

    if (client < 0)
        return;
    while (l < links + LINKS && l->used)
        l++;
    if (l == links + LINKS) {
        close(client);
        return;
    }
    server = connect_now();
    l->used = true;
    l->passed = 0;
    start_way(&l->up, client, server);
    start_way(&l->down, server, client);
    draw_fate(l);
    if (!first)
        first = now_ms();
}

/* --------------------------------------------------------------- carrying */

/* True when the connection has met its fate. */
static bool fulfil(struct link *l)
{
    if (l->fate == CARRY || l->passed < l->fate_at)
        return false;
    printf("%s after %ju bytes\n", fate_names[l->fate],
           (uintmax_t)l->passed);
    if (l->fate == RESET || l->fate == CLOSE)
        end_link(l, l->fate == RESET);
    l->fate_at = UINT64_MAX; /* told; a silent one stays so */
    l->passed = UINT64_MAX;
    return true;
}

static bool is_silent(const struct link *l)
{
    return l->passed == UINT64_MAX;
}

/* How much may be read now: to the byte of its fate, and what --rate left. */
static size_t allowance(const struct link *l, const struct way *w)
{
    uint64_t n = CHUNK;

    if (l->fate != CARRY && l->fate_at - l->passed < n)
        n = l->fate_at - l->passed;
    if (opt.rate && w == &l->down && budget < (int64_t)n)
        n = budget > 0 ? (uint64_t)budget : 0;
    return (size_t)n;
}

static void take(struct link *l, struct way *w)
{
    size_t most = allowance(l, w);
    ssize_t n = most ? recv(w->from, w->chunk, most, 0) : -1;

    if (!most || (n < 0 && (errno == EAGAIN || errno == EINTR)))
        return;
    if (n < 0) {
        end_link(l, true);
        return;
    }
    w->ended = n == 0;
    if (w->ended)
        shutdown(w->to, SHUT_WR);
    if (l->up.ended && l->down.ended) {
        end_link(l, false);
        return;
    }
    w->len = (size_t)n;
    w->sent = 0;
    w->due = now_ms();
    if (w == &l->up)
        w->due += (int64_t)(chance() * (double)opt.latency);
    else
        budget -= n;
    l->passed += (uint64_t)n;
}

static void give(struct link *l, struct way *w)
{
    ssize_t n = send(w->to, w->chunk + w->sent, w->len - w->sent,
                     MSG_NOSIGNAL);

    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        end_link(l, true);
        return;
    }
    w->sent += n > 0 ? (size_t)n : 0;
    if (w->sent == w->len)
        w->len = w->sent = 0;
    if (!w->len)
        fulfil(l);
}

/* What this direction waits for; 0 for nothing but time. */
static short wants(const struct link *l, const struct way *w, int64_t now)
{
    if (!l->used)
        return 0;
    if (is_silent(l))
        return w == &l->up ? POLLRDHUP : 0;
    if (w->len)
        return w->due <= now ? POLLOUT : 0;
    if (w->ended || (opt.rate && w == &l->down && budget <= 0))
        return 0;
    return POLLIN;
}

static void act(struct link *l, struct way *w, short event)
{
    if (!l->used || !event)
        return;
    if (is_silent(l))
        end_link(l, false); /* the client has given up on it */
    else if (w->len)
        give(l, w);
    else if (!fulfil(l))
        take(l, w);
}

/* ---------------------------------------------------------------- the loop */

static void refill(int64_t now)
{
    budget += opt.rate * (now - paid) / 1000;
    if (budget > opt.rate / 10 + 1)
        budget = opt.rate / 10 + 1;
    paid = now;
}

static bool is_due(const struct outage *o, int64_t now)
{
    return first && o->seconds > 0 && !o->over
        && (double)(now - first) >= o->from * 1000;
}

static void sit_out(struct outage *o, const char *name)
{
    printf("%s for %g seconds\n", name, o->seconds);
    usleep((useconds_t)(o->seconds * 1e6));
    o->over = true;
}

static void outages(int64_t now)
{
    if (is_due(&opt.freeze, now))
        sit_out(&opt.freeze, "freeze");
    if (!is_due(&opt.refuse, now))
        return;
    for (int i = 0; i < LINKS; i++)
        if (links[i].used)
            end_link(&links[i], true);
    close(listener);
    sit_out(&opt.refuse, "refuse");
    listen_now();
}

static void turn(void)
{
    static struct pollfd p[1 + 2 * LINKS];
    int64_t now = now_ms();

    outages(now);
    refill(now);
    p[0] = (struct pollfd){ .fd = listener, .events = POLLIN };
    for (int i = 0; i < LINKS; i++) {
        struct link *l = &links[i];
        struct way *ways[] = { &l->up, &l->down };

        for (int k = 0; k < 2; k++) {
            short events = wants(l, ways[k], now);
            int fd = events & POLLOUT ? ways[k]->to : ways[k]->from;

            p[1 + 2 * i + k] = (struct pollfd){ .fd = events ? fd : -1,
                                                .events = events };
        }
    }
    poll(p, 1 + 2 * LINKS, opt.latency || opt.rate ? 5 : 100);
    for (int i = 0; i < LINKS; i++) {
        act(&links[i], &links[i].up, p[1 + 2 * i].revents);
        act(&links[i], &links[i].down, p[2 + 2 * i].revents);
    }
    if (p[0].revents)
        accept_link();
}

/* ---------------------------------------------------------------- options */

static const struct {
    const char *name;
    long *number;
    double *chance;
    struct outage *outage;
} options[] = {
    { "--to", &opt.to, NULL, NULL },
    { "--latency", &opt.latency, NULL, NULL },
    { "--rate", &opt.rate, NULL, NULL },
    { "--within", &opt.within, NULL, NULL },
    { "--seed", &opt.seed, NULL, NULL },
    { "--reset", NULL, &opt.chance[RESET], NULL },
    { "--close", NULL, &opt.chance[CLOSE], NULL },
    { "--silent", NULL, &opt.chance[SILENT], NULL },
    { "--mute", NULL, &opt.chance[MUTE], NULL },
    { "--freeze", NULL, NULL, &opt.freeze },
    { "--refuse", NULL, NULL, &opt.refuse },
};

static bool set(const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        if (strcmp(name, options[i].name) != 0)
            continue;
        if (options[i].number)
            *options[i].number = strtol(value, NULL, 10);
        else if (options[i].chance)
            *options[i].chance = strtod(value, NULL);
        else
            return sscanf(value, "%lf:%lf", &options[i].outage->from,
                          &options[i].outage->seconds) == 2;
        return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i += 2) {
        if (i + 1 == argc || !set(argv[i], argv[i + 1])) {
            fputs(usage, strcmp(argv[i], "--help") ? stderr : stdout);
            return strcmp(argv[i], "--help") ? 2 : 0;
        }
    }
    if (!opt.to) {
        fputs(usage, stderr);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    random_state = (uint64_t)opt.seed;
    paid = now_ms();
    listen_now();
    printf("ready %d\n", ntohs(port));
    for (;;)
        turn();
}
