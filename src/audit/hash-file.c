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

/* More readers than that at once only make a disk seek. */
#define HELPERS_MAX 3u

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
    *r = (struct reading){ .path = path, .fd = -1, .got = PIECE };
    r->buf = malloc(PIECE);
    if (!r->buf)
        return err_nomem(e);
    if (file_open(path, &r->fd, e) < 0) {
        e->kind = e->kind == ERR_INTERNAL ? ERR_INTERNAL : ERR_DEST;
        return -1;
    }
    posix_fadvise(r->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* only advice */
    digest_begin(&r->digest, kinds);
    return 0;
}

static int read_piece(struct reading *r, const _Atomic bool *stop,
                      struct err *e)
{
    if (is_to_end(stop))
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted while reading %s",
                       r->path);
    if (file_read_at(r->fd, r->buf, PIECE, r->offset, &r->got, r->path, e) < 0)
        return -1;
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
                    struct err *e)
{
    struct reading r[2] = { { .fd = -1 }, { .fd = -1 } };
    int result = 0;

    for (size_t i = 0; i < n && result == 0; i++)
        result = reading_open(&r[i], paths[i], kinds, e);
    if (result == 0)
        result = n == 2 ? read_two(r, stop, e) : read_one(&r[0], stop, e);
    for (size_t i = 0; i < n; i++) {
        if (result == 0) {
            digest_end(&r[i].digest, out[i]);
            posix_fadvise(r[i].fd, 0, 0, POSIX_FADV_DONTNEED);
        }
        reading_close(&r[i]);
    }
    return result;
}

/* ---------------------------------------------------------- several files */

struct queue {
    const struct hash_job *jobs;
    size_t n;
    pthread_mutex_t lock;  /* guards the rest */
    size_t next;
    bool failed;
    struct err err;
};

static const struct hash_job *take(struct queue *q)
{
    AUTOLOCK(&q->lock);

    return q->failed || q->next == q->n ? NULL : &q->jobs[q->next++];
}

static void fail(struct queue *q, const struct err *e)
{
    AUTOLOCK(&q->lock);

    if (!q->failed)
        q->err = *e;
    q->failed = true;
}

static void *queue_main(void *arg)
{
    struct queue *q = arg;
    const struct hash_job *j;
    struct err e = ERR_INIT;

    while ((j = take(q)))
        if (hash_file(j->path, j->kinds, j->out, &e) < 0)
            fail(q, &e);
    return NULL;
}

int hash_files(const struct hash_job *jobs, size_t n, unsigned threads,
               struct err *e)
{
    struct queue q = { .jobs = jobs, .n = n };
    pthread_t helpers[HELPERS_MAX];
    unsigned started = 0;

    pthread_mutex_init(&q.lock, NULL);
    /* Without a helper it takes longer, no more. */
    while (started < HELPERS_MAX && started + 1 < threads && started + 1 < n
           && thread_start(&helpers[started], queue_main, &q, "hash", e) == 0)
        started++;
    queue_main(&q);
    while (started)
        thread_join(helpers[--started]);
    pthread_mutex_destroy(&q.lock);
    if (q.failed)
        *e = q.err;
    return q.failed ? -1 : 0;
}
