/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/hash-ahead.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/digest.h"
#include "audit/hash-file.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/thread.h"

struct file {
    struct file *next;
    char *path;
    struct stat was;       /* when it was whole */
    bool done;
    struct hashes hashes;
};

struct hash_ahead {
    unsigned kinds;
    size_t at_once;        /* files: 1 or 2 */
    struct hash_watch watch;
    pthread_t thread;
    pthread_mutex_t lock;  /* guards the rest while the thread runs */
    bool running;
    pthread_cond_t more;
    bool end;
    uint64_t left;         /* bytes of the volume that are to come */
    struct file *files;
    struct file **last;    /* where the next one is hung up */
    struct file **todo;    /* the first that the thread has not begun */
};

/* ------------------------------------------------------------ the thread */

/* A second file is waited for while there can be one: none will be as long
 * as the first when less than that is left of the volume.  Else the first
 * would be read when all else is done, and everybody waits for it. */
static bool enough_wait(const struct hash_ahead *a)
{
    const struct file *f = *a->todo;

    return f && (a->at_once == 1 || f->next
                 || a->left < (uint64_t)f->was.st_size);
}

/* One file, or two; 0 at the end. */
static size_t next(struct hash_ahead *a, struct file *some[2])
{
    AUTOLOCK(&a->lock);
    size_t n = 0;

    while (!a->end && !enough_wait(a))
        thread_wait(&a->more, &a->lock);
    while (!a->end && n < a->at_once && *a->todo) {
        some[n] = *a->todo;
        a->todo = &some[n++]->next;
    }
    return n;
}

/* Out of the memory for pages: nobody is to read it again soon.  Advice. */
static void let_go(const char *path)
{
    struct err ignored = ERR_INIT;
    int fd;

    if (file_open(path, &fd, &ignored) < 0)
        return;
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
}

static void hash_these(struct hash_ahead *a, struct file *some[2], size_t n)
{
    struct hash_job jobs[2];

    for (size_t i = 0; i < n; i++)
        jobs[i] = (struct hash_job){ some[i]->path, a->kinds,
                                     (uint64_t)some[i]->was.st_size,
                                     &some[i]->hashes, ERR_INIT };
    hash_some(jobs, n, &a->watch);
    for (size_t i = 0; i < n; i++) {
        some[i]->done = jobs[i].err.kind == ERR_NONE;
        let_go(some[i]->path);
    }
}

static void *ahead_main(void *arg)
{
    struct hash_ahead *a = arg;
    struct file *some[2];
    size_t n;

    thread_stand_back(RANK_FEEDS);
    while ((n = next(a, some)))
        hash_these(a, some, n);
    return NULL;
}

/* ------------------------------------------------------------ the caller */

struct hash_ahead *hash_ahead_new(unsigned kinds, struct err *e)
{
    struct hash_ahead *a = calloc(1, sizeof(*a));

    if (!a) {
        err_nomem(e);
        return NULL;
    }
    a->kinds = kinds;
    a->at_once = digest_pairs(kinds) ? 2 : 1;
    a->left = UINT64_MAX;
    a->last = &a->files;
    a->todo = &a->files;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->more, NULL);
    return a;
}

/* Most images are one file, and need no thread.  Without it all is hashed
 * later. */
static void start(struct hash_ahead *a)
{
    struct err ignored = ERR_INIT;

    if (!a->running && !a->end)
        a->running = thread_start(&a->thread, ahead_main, a, "hash",
                                  &ignored) == 0;
}

void hash_ahead_add(struct hash_ahead *a, const char *path)
{
    struct file *f = calloc(1, sizeof(*f));
    char *copy = strdup(path);

    if (!f || !copy || file_stat(path, &f->was) < 0) {
        free(copy);
        free(f);
        return;
    }
    f->path = copy;
    AUTOLOCK(&a->lock);
    *a->last = f;
    a->last = &f->next;
    start(a);
    thread_wake_one(&a->more);
}

void hash_ahead_left(struct hash_ahead *a, uint64_t bytes)
{
    AUTOLOCK(&a->lock);

    a->left = bytes;
    if (enough_wait(a))
        thread_wake_one(&a->more);
}

/* True when there is a thread to wait for. */
static bool ask_for_end(struct hash_ahead *a)
{
    AUTOLOCK(&a->lock);
    bool running = a->running;

    a->end = true;
    a->running = false;
    thread_wake_one(&a->more);
    return running;
}

void hash_ahead_end(struct hash_ahead *a)
{
    if (ask_for_end(a))
        thread_join(a->thread);
}

struct hash_watch *hash_ahead_watch(struct hash_ahead *a)
{
    return &a->watch;
}

static bool is_unchanged(const struct file *f)
{
    struct stat now;

    return file_stat(f->path, &now) == 0 && now.st_dev == f->was.st_dev
        && now.st_ino == f->was.st_ino && now.st_size == f->was.st_size
        && now.st_mtim.tv_sec == f->was.st_mtim.tv_sec
        && now.st_mtim.tv_nsec == f->was.st_mtim.tv_nsec;
}

bool hash_ahead_take(const struct hash_ahead *a, const char *path,
                     struct hashes *out)
{
    for (const struct file *f = a->files; f; f = f->next) {
        if (!f->done || strcmp(f->path, path) != 0)
            continue;
        if (!is_unchanged(f))
            return false;
        *out = f->hashes;
        return true;
    }
    return false;
}

void hash_ahead_free(struct hash_ahead *a)
{
    if (!a)
        return;
    a->watch.stop = true;
    hash_ahead_end(a);
    while (a->files) {
        struct file *f = a->files;

        a->files = f->next;
        free(f->path);
        free(f);
    }
    pthread_cond_destroy(&a->more);
    pthread_mutex_destroy(&a->lock);
    free(a);
}
