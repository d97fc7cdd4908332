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

/* Two files, or false at the end. */
static bool next_two(struct hash_ahead *a, struct file *two[2])
{
    AUTOLOCK(&a->lock);

    while (!a->end && !(*a->todo && (*a->todo)->next))
        thread_wait(&a->more, &a->lock);
    if (a->end)
        return false;
    two[0] = *a->todo;
    two[1] = two[0]->next;
    a->todo = &two[1]->next;
    return true;
}

static void hash_two(struct hash_ahead *a, struct file *two[2])
{
    const char *const paths[2] = { two[0]->path, two[1]->path };
    struct hashes *const out[2] = { &two[0]->hashes, &two[1]->hashes };
    struct err ignored = ERR_INIT;
    bool done = stat(paths[0], &two[0]->was) == 0
        && stat(paths[1], &two[1]->was) == 0
        && hash_two_files_until(paths, a->kinds, &a->stop, out, &ignored) == 0;

    two[0]->done = two[1]->done = done;
}

static void *ahead_main(void *arg)
{
    struct hash_ahead *a = arg;
    struct file *two[2];

    thread_stand_back(RANK_FEEDS);
    while (next_two(a, two))
        hash_two(a, two);
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
