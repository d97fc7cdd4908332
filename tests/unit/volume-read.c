/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a volume at any offset, for the shell tests:
 *
 *   volume-read [OPTION]... NAME OFFSET+LENGTH...
 *
 * Every reader (--readers) reads every piece, all at once; the bytes that the
 * first one got go to standard output, and the others must have got the same.
 * A piece that cannot be read is told on standard error as "OFFSET+LENGTH:
 * why", and the next one is read.  With --copy FILE the whole volume is read
 * in a mixed order, in pieces that do not begin where blocks do, and written
 * there.  --facts tells what is known of the volume. */
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/thread.h"
#include "volume/read.h"

#define READERS_MAX 256

/* Odd, so that it goes through all places of a volume, which are a power of
 * two or are passed over. */
#define STRIDE 2654435761u
#define COPY_PIECE 700001u

struct piece {
    const char *text;
    uint64_t offset, len;
};

struct task {
    struct volume_reader *reader;
    uint64_t size;
    const struct piece *pieces;
    size_t count;
    const char *copy;
    int fd;
    _Atomic uint64_t next;     /* piece of the copy */
    _Atomic bool failed;
    pthread_mutex_t lock;      /* guards the first reader's bytes */
};

struct reader {
    struct task *task;
    pthread_t thread;
    unsigned char *bytes;
    size_t len;
};

static void die(const char *why)
{
    fprintf(stderr, "volume-read: %s\n", why);
    exit(2);
}

static uint64_t number(const char *s)
{
    uint64_t v;

    if (size_parse(s, &v) < 0)
        die(s);
    return v;
}

static void parse_piece(char *text, struct piece *p)
{
    char *plus = strchr(text, '+');

    if (!plus)
        die(text);
    p->text = strdup(text);
    *plus = '\0';
    p->offset = number(text);
    p->len = number(plus + 1);
}

/* ----------------------------------------------------------------- readers */

static void read_piece(struct reader *r, const struct piece *p)
{
    struct err e = ERR_INIT;
    size_t got;

    r->bytes = realloc(r->bytes, r->len + p->len + 1);
    if (!r->bytes)
        die("no memory");
    if (volume_read(r->task->reader, p->offset, r->bytes + r->len, p->len,
                    &got, &e) == 0) {
        r->len += got;
        return;
    }
    r->task->failed = true;
    AUTOLOCK(&r->task->lock);
    fprintf(stderr, "%s: %s: %s\n", p->text, err_kind_name(e.kind), e.msg);
}

static uint64_t places(const struct task *t)
{
    uint64_t n = 1;

    while (n * COPY_PIECE < t->size)
        n *= 2;
    return n;
}

static bool is_zero(const unsigned char *p, size_t n)
{
    return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

static void copy_piece(struct task *t, uint64_t offset, unsigned char *buf)
{
    struct err e = ERR_INIT;
    size_t got;

    if (volume_read(t->reader, offset, buf, COPY_PIECE, &got, &e) == 0
        && is_zero(buf, got)) /* as it is in the new file */
        return;
    if (e.kind
        || file_write_at(t->fd, buf, got, offset, t->copy, &e) < 0) {
        t->failed = true;
        AUTOLOCK(&t->lock);
        fprintf(stderr, "%" PRIu64 ": %s\n", offset, e.msg);
    }
}

static void copy_share(struct task *t)
{
    autofree unsigned char *buf = malloc(COPY_PIECE);
    uint64_t n = places(t);
    uint64_t i;

    if (!buf)
        die("no memory");
    while ((i = t->next++) < n) {
        uint64_t offset = i * STRIDE % n * COPY_PIECE;

        if (offset < t->size)
            copy_piece(t, offset, buf);
    }
}

static void *reader_main(void *arg)
{
    struct reader *r = arg;

    if (r->task->copy)
        copy_share(r->task);
    for (size_t i = 0; i < r->task->count; i++)
        read_piece(r, &r->task->pieces[i]);
    return NULL;
}

static void run(struct task *t, unsigned n)
{
    static struct reader readers[READERS_MAX];
    struct err e = ERR_INIT;

    for (unsigned i = 0; i < n; i++) {
        readers[i].task = t;
        if (thread_start(&readers[i].thread, reader_main, &readers[i],
                         "reader", &e) < 0)
            die(e.msg);
    }
    for (unsigned i = 0; i < n; i++)
        thread_join(readers[i].thread);
    for (unsigned i = 1; i < n; i++)
        if (readers[i].len != readers[0].len
            || (readers[0].len && memcmp(readers[i].bytes, readers[0].bytes,
                                         readers[0].len) != 0))
            die("two readers got other bytes");
    fwrite(readers[0].bytes, 1, readers[0].len, stdout);
    for (unsigned i = 0; i < n; i++)
        free(readers[i].bytes);
}

/* -------------------------------------------------------------------- main */

static void tell(const char *what, const struct blockset *s)
{
    if (s)
        fprintf(stderr, "%s %" PRIu64 "\n", what, blockset_count(s));
    else
        fprintf(stderr, "%s unknown\n", what);
}

static void tell_facts(const struct volume *v)
{
    fprintf(stderr, "size %" PRIu64 "\n", v->size);
    tell("stored", v->stored);
    tell("zero", v->rows.zero);
    tell("unread", v->rows.unread);
    tell("unproved", v->rows.unproved);
}

static void tell_memory(void)
{
    autofclose FILE *f = fopen("/proc/self/status", "re");
    char line[256];

    while (f && fgets(line, sizeof(line), f))
        if (strncmp(line, "VmHWM:", 6) == 0)
            fprintf(stderr, "%s", line);
}

enum { LOG = 1, MEMORY, READERS, COPY, FACTS, URL, CONNECTIONS, ATTEMPTS,
       GIVE_UP, TIMEOUT };

static const struct option options[] = {
    { "log", required_argument, NULL, LOG },
    { "memory", required_argument, NULL, MEMORY },
    { "readers", required_argument, NULL, READERS },
    { "copy", required_argument, NULL, COPY },
    { "facts", no_argument, NULL, FACTS },
    { "url", required_argument, NULL, URL },
    { "connections", required_argument, NULL, CONNECTIONS },
    { "attempts", required_argument, NULL, ATTEMPTS },
    { "give-up", required_argument, NULL, GIVE_UP },
    { "timeout", required_argument, NULL, TIMEOUT },
    { 0 },
};

struct wish {
    struct service_options service;
    const char *log;
    uint64_t memory;
    uint64_t readers;
    bool facts;
};

static void take(struct wish *w, struct task *t, int option)
{
    uint64_t *numbers[] = {
        [MEMORY] = &w->memory, [READERS] = &w->readers,
        [CONNECTIONS] = &w->service.connections,
        [ATTEMPTS] = &w->service.attempts, [GIVE_UP] = &w->service.give_up,
        [TIMEOUT] = &w->service.timeout,
    };

    switch (option) {
    case LOG: w->log = optarg; break;
    case COPY: t->copy = optarg; break;
    case URL: w->service.endpoint_url = optarg; break;
    case FACTS: w->facts = true; break;
    case '?': exit(2);
    default: *numbers[option] = number(optarg);
    }
}

static void parse(struct wish *w, struct task *t, int argc, char **argv)
{
    static struct piece pieces[512];
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
        take(w, t, option);
    if (optind == argc || w->readers < 1 || w->readers > READERS_MAX
        || argc - optind > 512)
        die("usage");
    t->pieces = pieces;
    for (int i = optind + 1; i < argc; i++)
        parse_piece(argv[i], &pieces[t->count++]);
}

static int work(struct volume *v, const struct wish *w, struct task *t,
                struct err *e)
{
    int r;

    if (volume_learn(v, true, e) < 0)
        return -1;
    t->size = v->size;
    if (w->facts)
        tell_facts(v);
    if (t->copy && (file_create(t->copy, &t->fd, e) < 0
                    || ftruncate(t->fd, (off_t)t->size) < 0))
        return -1;
    t->reader = volume_reader_new(v, w->memory, e);
    if (!t->reader)
        return -1;
    run(t, (unsigned)w->readers);
    r = volume_reader_free(t->reader, e);
    if (w->facts)
        tell_memory();
    return r;
}

int main(int argc, char **argv)
{
    struct wish w = { .memory = 32 * MIB, .readers = 1 };
    struct task t = { .fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER };
    struct volume v;
    struct err e = ERR_INIT;
    int r;

    service_defaults(&w.service);
    parse(&w, &t, argc, argv);
    interrupt_install();
    if (hash_ready(&e) < 0)
        die(e.msg);
    r = volume_open(&v, argv[optind], &w.service,
                    &(struct service_hooks){ .ctx = NULL }, w.log, &e);
    if (r == 0)
        r = work(&v, &w, &t, &e);
    if (volume_close(&v, &e) < 0)
        r = -1;
    if (r < 0)
        fprintf(stderr, "volume-read: %s: %s\n", err_kind_name(e.kind),
                e.msg);
    return r < 0 ? 3 : t.failed;
}
