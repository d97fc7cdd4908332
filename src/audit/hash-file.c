#include "audit/hash-file.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "audit/digest.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/thread.h"

#define PIECE (256 * 1024)

/* More threads than that only make a disk seek; each reads two files where
 * that is faster. */
#define THREADS_MAX 4u

static bool is_to_end(const _Atomic bool *stop)
{
    return interrupted || (stop && *stop);
}

struct reading {
    const char *path;
    int fd;
    unsigned char *buf;    /* PIECE bytes */
    size_t got;            /* of them; less than PIECE at the end */
    uint64_t offset;       /* of what comes next */
    bool failed;
    struct digest digest;
};

static void reading_close(struct reading *r)
{
    if (r->fd >= 0)
        close(r->fd);
    free(r->buf);
}

static int reading_open(struct reading *r, const char *path, unsigned kinds,
                        struct err *e)
{
    *r = (struct reading){
        .path = path, .fd = -1, .got = PIECE, .failed = true,
    };
    r->buf = malloc(PIECE);
    if (!r->buf)
        return err_nomem(e);
    if (file_open(path, &r->fd, e) < 0) {
        e->kind = e->kind == ERR_INTERNAL ? ERR_INTERNAL : ERR_DEST;
        return -1;
    }
    posix_fadvise(r->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* only advice */
    digest_begin(&r->digest, kinds);
    r->failed = false;
    return 0;
}

static int read_piece(struct reading *r, const _Atomic bool *stop,
                      struct err *e)
{
    r->failed = true;
    if (is_to_end(stop))
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted while reading %s",
                       r->path);
    if (file_read_at(r->fd, r->buf, PIECE, r->offset, &r->got, r->path, e) < 0)
        return -1;
    r->failed = false;
    r->offset += r->got;
    return 0;
}

static int read_one(struct reading *r, const _Atomic bool *stop,
                    struct err *e)
{
    while (r->got == PIECE) {
        if (read_piece(r, stop, e) < 0)
            return -1;
        digest_add(&r->digest, r->buf, r->got);
    }
    return 0;
}

/* Side by side while both go on, then the rest of the longer one. */
static int read_two(struct reading r[2], const _Atomic bool *stop,
                    struct err *e)
{
    struct digest *const digests[2] = { &r[0].digest, &r[1].digest };
    const unsigned char *const data[2] = { r[0].buf, r[1].buf };

    while (r[0].got == PIECE && r[1].got == PIECE) {
        size_t n;

        if (read_piece(&r[0], stop, e) < 0 || read_piece(&r[1], stop, e) < 0)
            return -1;
        n = r[0].got < r[1].got ? r[0].got : r[1].got;
        digest_add_two(digests, data, n);
        for (int i = 0; i < 2; i++)
            digest_add(digests[i], data[i] + n, r[i].got - n);
    }
    if (read_one(&r[0], stop, e) < 0)
        return -1;
    return read_one(&r[1], stop, e);
}

int hash_file(const char *path, unsigned kinds, struct hashes *out,
              struct err *e)
{
    struct reading r;
    int result = reading_open(&r, path, kinds, e);

    if (result == 0)
        result = read_one(&r, NULL, e);
    if (result == 0)
        digest_end(&r.digest, out);
    reading_close(&r);
    return result;
}

int hash_some_until(const char *const *paths, size_t n, unsigned kinds,
                    const _Atomic bool *stop, struct hashes *const *out,
                    size_t *bad, struct err *e)
{
    struct reading r[2] = { { .fd = -1 }, { .fd = -1 } };
    int result = 0;

    for (size_t i = 0; i < n && result == 0; i++)
        result = reading_open(&r[i], paths[i], kinds, e);
    if (result == 0)
        result = n == 2 ? read_two(r, stop, e) : read_one(&r[0], stop, e);
    for (size_t i = 0; i < n; i++) {
        if (result == 0)
            digest_end(&r[i].digest, out[i]);
        reading_close(&r[i]);
    }
    *bad = r[0].failed ? 0 : 1;
    return result;
}

/* ---------------------------------------------------------- several files */

struct queue {
    struct hash_job *jobs;
    size_t n;
    unsigned threads;
    pthread_mutex_t lock;  /* guards the rest */
    size_t next;
};

/* Two, unless another thread would have nothing to do then. */
static size_t worth_taking(const struct queue *q)
{
    const struct hash_job *j = &q->jobs[q->next];
    size_t left = q->n - q->next;

    if (left < 2 || left < 2 * (size_t)q->threads)
        return left ? 1 : 0;
    return j[0].kinds == j[1].kinds && digest_pairs(j[0].kinds) ? 2 : 1;
}

static size_t take(struct queue *q, struct hash_job **jobs)
{
    AUTOLOCK(&q->lock);
    size_t n = worth_taking(q);

    *jobs = &q->jobs[q->next];
    q->next += n;
    return n;
}

static void hash_alone(struct hash_job *j)
{
    hash_file(j->path, j->kinds, j->out, &j->err);
}

/* Where one of them fails, that is its end, and the other begins anew. */
static void hash_pair(struct hash_job *j)
{
    const char *const paths[2] = { j[0].path, j[1].path };
    struct hashes *const out[2] = { j[0].out, j[1].out };
    struct err e = ERR_INIT;
    size_t bad;

    if (hash_some_until(paths, 2, j[0].kinds, NULL, out, &bad, &e) == 0)
        return;
    j[bad].err = e;
    hash_alone(&j[1 - bad]);
}

static void *queue_main(void *arg)
{
    struct queue *q = arg;
    struct hash_job *j;
    size_t n;

    while ((n = take(q, &j)))
        n == 2 ? hash_pair(j) : hash_alone(j);
    return NULL;
}

void hash_files(struct hash_job *jobs, size_t n, unsigned threads)
{
    struct queue q = {
        .jobs = jobs,
        .n = n,
        .threads = threads < THREADS_MAX ? threads : THREADS_MAX,
    };
    pthread_t helpers[THREADS_MAX];
    struct err ignored = ERR_INIT;
    unsigned started = 0;

    pthread_mutex_init(&q.lock, NULL);
    /* Without a helper it takes longer, no more. */
    while (started + 1 < q.threads && started + 1 < n
           && thread_start(&helpers[started], queue_main, &q, "hash",
                           &ignored) == 0)
        started++;
    queue_main(&q);
    while (started)
        thread_join(helpers[--started]);
    pthread_mutex_destroy(&q.lock);
}
