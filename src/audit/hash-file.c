#include "audit/hash-file.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>

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

static int add_fd(struct digest *d, int fd, const char *path,
                  const _Atomic bool *stop, struct err *e)
{
    autofree unsigned char *buf = malloc(PIECE);
    uint64_t offset = 0;
    size_t got = PIECE;

    if (!buf)
        return err_nomem(e);
    for (; got == PIECE; offset += got) {
        if (is_to_end(stop))
            return err_set(e, ERR_INTERRUPTED, 0, "interrupted while reading "
                           "%s", path);
        if (file_read_at(fd, buf, PIECE, offset, &got, path, e) < 0)
            return -1;
        digest_add(d, buf, got);
    }
    return 0;
}

static int open_file(const char *path, int *fd, struct err *e)
{
    if (file_open(path, fd, e) < 0) {
        e->kind = e->kind == ERR_INTERNAL ? ERR_INTERNAL : ERR_DEST;
        return -1;
    }
    posix_fadvise(*fd, 0, 0, POSIX_FADV_SEQUENTIAL); /* only advice */
    return 0;
}

static int hash_fd(int fd, const char *path, unsigned kinds,
                   const _Atomic bool *stop, struct hashes *out,
                   struct err *e)
{
    struct digest d;

    digest_begin(&d, kinds);
    if (add_fd(&d, fd, path, stop, e) < 0)
        return -1;
    digest_end(&d, out);
    return 0;
}

int hash_file(const char *path, unsigned kinds, struct hashes *out,
              struct err *e)
{
    autoclose int fd = -1;

    if (open_file(path, &fd, e) < 0)
        return -1;
    return hash_fd(fd, path, kinds, NULL, out, e);
}

int hash_file_until(const char *path, unsigned kinds,
                    const _Atomic bool *stop, struct hashes *out,
                    struct err *e)
{
    autoclose int fd = -1;

    if (open_file(path, &fd, e) < 0
        || hash_fd(fd, path, kinds, stop, out, e) < 0)
        return -1;
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    return 0;
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
