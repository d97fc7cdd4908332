#include "audit/hash-ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/hash-file.h"
#include "base/scope.h"
#include "base/thread.h"

struct file {
    struct file *next;
    char *path;
    struct stat was;       /* before it was read */
    bool done;
    struct hashes hashes;
};

struct hash_ahead {
    unsigned kinds;
    _Atomic bool stop;     /* at once, in the middle of a file */
    pthread_t thread;
    pthread_mutex_t lock;  /* guards the rest while the thread runs */
    bool running;
    pthread_cond_t more;
    bool end;
    struct file *files;
    struct file **last;    /* where the next one is hung up */
    struct file **todo;    /* the first that the thread has not begun */
};

/* ------------------------------------------------------------ the thread */

static struct file *next(struct hash_ahead *a)
{
    AUTOLOCK(&a->lock);
    struct file *f;

    while (!a->end && !*a->todo)
        thread_wait(&a->more, &a->lock);
    f = a->end ? NULL : *a->todo;
    if (f)
        a->todo = &f->next;
    return f;
}

static void hash_one(struct hash_ahead *a, struct file *f)
{
    struct err ignored = ERR_INIT;

    f->done = stat(f->path, &f->was) == 0
        && hash_file_until(f->path, a->kinds, &a->stop, &f->hashes,
                           &ignored) == 0;
}

static void *ahead_main(void *arg)
{
    struct hash_ahead *a = arg;
    struct file *f;

    thread_stand_back(RANK_FEEDS);
    while ((f = next(a)))
        hash_one(a, f);
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

    if (!f || !copy) {
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

static bool is_unchanged(const struct file *f)
{
    struct stat now;

    return stat(f->path, &now) == 0 && now.st_dev == f->was.st_dev
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
    a->stop = true;
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
