/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/hash-file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
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

struct reading {
    struct hash_job *job;
    struct hash_watch *watch;
    int fd;
    unsigned char *buf;       /* PIECE bytes */
    size_t got;               /* of them; less than PIECE at the end */
    uint64_t offset;          /* of what comes next */
    uint64_t size;            /* where the end is to be */
    struct digest digest;
};

static bool is_well(const struct reading *r)
{
    return r->job->err.kind == ERR_NONE;
}

static void reading_close(struct reading *r)
{
    if (r->fd >= 0)
        close(r->fd);
    free(r->buf);
}

static int set_size(struct reading *r)
{
    struct stat st;

    r->size = r->job->size;
    if (r->size != HASH_ANY_SIZE)
        return 0;
    if (fstat(r->fd, &st) < 0)
        return err_set(&r->job->err, ERR_DEST, errno, "cannot look at %s",
                       r->job->path);
    r->size = (uint64_t)st.st_size;
    return 0;
}

/* Where it fails there is nothing to read, and the job says why. */
static void reading_open(struct reading *r)
{
    struct err *e = &r->job->err;

    r->buf = malloc(PIECE);
    if (!r->buf) {
        err_nomem(e);
        return;
    }
    if (file_open(r->job->path, &r->fd, e) < 0) {
        e->kind = e->kind == ERR_INTERNAL ? ERR_INTERNAL : ERR_DEST;
        return;
    }
    if (set_size(r) < 0)
        return;
    posix_fadvise(r->fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* only advice */
    digest_begin(&r->digest, r->job->kinds);
    r->got = PIECE;
}

static int try_to_read(struct reading *r)
{
    const char *path = r->job->path;
    struct err *e = &r->job->err;

    if (interrupted || r->watch->stop)
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted while reading %s",
                       path);
    if (file_read_at(r->fd, r->buf, PIECE, r->offset, &r->got, path, e) < 0)
        return -1;
    r->offset += r->got;
    r->watch->bytes += r->got;
    return 0;
}

/* The digest of another number of bytes is not the file's. */
static int check_length(struct reading *r)
{
    const char *path = r->job->path;
    struct err *e = &r->job->err;

    if (r->offset > r->size)
        return err_set(e, ERR_DEST, 0, "%s has more than the %" PRIu64
                       " bytes that it had", path, r->size);
    if (r->got < PIECE && r->offset < r->size)
        return err_set(e, ERR_DEST, 0, "%s ends after %" PRIu64 " bytes "
                       "instead of %" PRIu64, path, r->offset, r->size);
    return 0;
}

/* An error, too, is the end of the file. */
static void read_piece(struct reading *r)
{
    if (try_to_read(r) < 0 || check_length(r) < 0)
        r->got = 0;
}

static void read_one(struct reading *r)
{
    while (r->got == PIECE) {
        read_piece(r);
        digest_add(&r->digest, r->buf, r->got);
    }
}

/* While both go on; then the longer one is left to read_one(). */
static void read_two(struct reading r[2])
{
    struct digest *const digests[2] = { &r[0].digest, &r[1].digest };
    const unsigned char *const data[2] = { r[0].buf, r[1].buf };

    while (r[0].got == PIECE && r[1].got == PIECE) {
        size_t n;

        read_piece(&r[0]);
        read_piece(&r[1]);
        n = r[0].got < r[1].got ? r[0].got : r[1].got;
        digest_add_two(digests, data, n);
        for (int i = 0; i < 2; i++)
            digest_add(digests[i], data[i] + n, r[i].got - n);
    }
}

void hash_some(struct hash_job *jobs, size_t n, struct hash_watch *watch)
{
    struct reading r[2];

    assert(n <= 2);
    for (size_t i = 0; i < n; i++) {
        r[i] = (struct reading){ .job = &jobs[i], .watch = watch, .fd = -1 };
        reading_open(&r[i]);
    }
    if (n == 2)
        read_two(r);
    for (size_t i = 0; i < n; i++) {
        read_one(&r[i]);
        if (is_well(&r[i]))
            digest_end(&r[i].digest, jobs[i].out);
        reading_close(&r[i]);
    }
}

int hash_file(const char *path, unsigned kinds, struct hashes *out,
              struct err *e)
{
    struct hash_job job = { path, kinds, HASH_ANY_SIZE, out, ERR_INIT };
    struct hash_watch nobody = { .stop = false };

    hash_some(&job, 1, &nobody);
    if (job.err.kind == ERR_NONE)
        return 0;
    *e = job.err;
    return -1;
}

/* ---------------------------------------------------------- several files */

struct queue {
    struct hash_job *jobs;
    size_t n;
    unsigned threads;
    struct hash_watch *watch;
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
    return digest_pairs(j[0].kinds) && digest_pairs(j[1].kinds) ? 2 : 1;
}

static size_t take(struct queue *q, struct hash_job **jobs)
{
    AUTOLOCK(&q->lock);
    size_t n = worth_taking(q);

    *jobs = &q->jobs[q->next];
    q->next += n;
    return n;
}

static void *queue_main(void *arg)
{
    struct queue *q = arg;
    struct hash_job *j;
    size_t n;

    while ((n = take(q, &j)))
        hash_some(j, n, q->watch);
    return NULL;
}

void hash_files(struct hash_job *jobs, size_t n, unsigned threads,
                struct hash_watch *watch)
{
    struct queue q = {
        .jobs = jobs,
        .n = n,
        .threads = threads < THREADS_MAX ? threads : THREADS_MAX,
        .watch = watch,
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
