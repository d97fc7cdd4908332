/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "bytes.h"
#include "scope.h"

struct store {
    char *dir;
    struct data *data;
    uint8_t secret[STORE_SECRET_SIZE];
    pthread_mutex_t table_lock; /* for the three below */
    struct snapshot **all;
    size_t count;
    void *by_id;                /* the same, as tsearch() keeps them */
    pthread_mutex_t pending_lock; /* see store_lock() */
};

static char *path_of(const struct store *st, const char *name,
                     const char *suffix)
{
    char *path;

    return asprintf(&path, "%s/%s%s", st->dir, name, suffix) < 0 ? NULL
                                                                 : path;
}

static int read_secret(struct store *st, const char *path)
{
    autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    return read(fd, st->secret, STORE_SECRET_SIZE) == STORE_SECRET_SIZE ? 0
                                                                        : -1;
}

/* Two processes may open a new store at the same time: the secret appears
 * complete, and the first one wins. */
static int make_secret(struct store *st, const char *path, struct fail *f)
{
    autofree char *temp = NULL;
    autoclose int fd = -1;

    if (asprintf(&temp, "%s.%ld", path, (long)getpid()) < 0) {
        temp = NULL;
        return fail(f, 0, "out of memory");
    }
    fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || getrandom(st->secret, STORE_SECRET_SIZE, 0) < 0 ||
        write(fd, st->secret, STORE_SECRET_SIZE) != STORE_SECRET_SIZE)
        return fail(f, errno, "create %s", temp);
    if (link(temp, path) < 0 && errno != EEXIST)
        return fail(f, errno, "create %s", path);
    unlink(temp);
    return read_secret(st, path) < 0 ? fail(f, errno, "read %s", path) : 0;
}

static int load_secret(struct store *st, struct fail *f)
{
    autofree char *path = path_of(st, "secret", "");

    if (!path)
        return fail(f, 0, "out of memory");
    return read_secret(st, path) == 0 ? 0 : make_secret(st, path, f);
}

/* The table owns it. */
static void keep(void *s)
{
    (void)s;
}

struct store *store_open(const char *dir, struct fail *f)
{
    struct store *st = calloc(1, sizeof(*st));

    if (!st) {
        fail(f, 0, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&st->table_lock, NULL);
    pthread_mutex_init(&st->pending_lock, NULL);
    st->dir = strdup(dir);
    st->data = data_new(dir);
    if (mkdir(dir, 0700) < 0 && errno != EEXIST)
        fail(f, errno, "create %s", dir);
    else if (!st->dir || !st->data)
        fail(f, 0, "out of memory");
    else if (load_secret(st, f) == 0)
        return st;
    store_close(st);
    return NULL;
}

void store_close(struct store *st)
{
    if (!st)
        return;
    tdestroy(st->by_id, keep);
    for (size_t i = 0; i < st->count; i++)
        snapshot_free(st->all[i]);
    free(st->all);
    data_free(st->data);
    pthread_mutex_destroy(&st->table_lock);
    pthread_mutex_destroy(&st->pending_lock);
    free(st->dir);
    free(st);
}

struct data *store_data(struct store *st)
{
    return st->data;
}

const uint8_t *store_secret(const struct store *st)
{
    return st->secret;
}

pthread_mutex_t *store_lock(struct store *st)
{
    return &st->pending_lock;
}

char *store_blocks_path(const struct store *st, const char *id)
{
    return path_of(st, id, ".blocks");
}

int store_map_blocks(struct store *st, struct snapshot *s, struct fail *f)
{
    autofree char *path = store_blocks_path(st, s->id);

    if (!path)
        return fail(f, 0, "out of memory");
    return blocks_open(&s->blocks, path, (uint32_t)s->every, s->count, f);
}

static int read_file(const char *path, struct bytes *out)
{
    autofclose FILE *in = fopen(path, "re");
    char part[4096];
    size_t n;

    if (!in)
        return -1;
    while ((n = fread(part, 1, sizeof(part), in)) > 0)
        bytes_add(out, part, n);
    return ferror(in) || out->broken ? -1 : 0;
}

static uint32_t records_in(const char *path)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return 0;
    return (uint32_t)((uint64_t)st.st_size / sizeof(struct blocks_record));
}

static int attach_blocks(struct store *st, struct snapshot *s,
                         struct fail *f)
{
    autofree char *path = store_blocks_path(st, s->id);

    if (s->completed)
        return store_map_blocks(st, s, f);
    s->puts = path ? records_in(path) : 0;
    return 0;
}

static struct snapshot *load(struct store *st, const char *id,
                             struct fail *f)
{
    autofree char *path = path_of(st, id, ".json");
    autobytes text = { 0 };
    struct snapshot *s;

    if (!path || read_file(path, &text) < 0) {
        fail(f, errno, "read %s", id);
        return NULL;
    }
    s = snapshot_parse(bytes_text(&text), f);
    if (s && attach_blocks(st, s, f) == 0)
        return s;
    fail_in(f, path);
    snapshot_free(s);
    return NULL;
}

/* The id is what a snapshot begins with. */
static int by_id(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Table lock held.  False when memory is out. */
static bool add(struct store *st, struct snapshot *s)
{
    struct snapshot **all;

    all = realloc(st->all, (st->count + 1) * sizeof(struct snapshot *));
    if (!all)
        return false;
    st->all = all;
    if (!tsearch(s, &st->by_id, by_id))
        return false;
    st->all[st->count++] = s;
    return true;
}

/* Table lock held. */
static struct snapshot *known(const struct store *st, const char *id)
{
    struct snapshot *const *found = tfind(id, &st->by_id, by_id);

    return found ? *found : NULL;
}

/* Table lock held. */
static struct snapshot *find(struct store *st, const char *id)
{
    struct snapshot *s = known(st, id);
    struct fail f;

    if (s || !snapshot_id_valid(id))
        return s;
    s = load(st, id, &f);
    if (s && !add(st, s)) {
        snapshot_free(s);
        return NULL;
    }
    return s;
}

struct snapshot *store_find(struct store *st, const char *id)
{
    autolock(&st->table_lock);

    return find(st, id);
}

/* Table lock held. */
static void scan(struct store *st)
{
    DIR *dir = opendir(st->dir);
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        char *dot = strrchr(entry->d_name, '.');

        if (!dot || strcmp(dot, ".json") != 0)
            continue;
        *dot = '\0';
        find(st, entry->d_name);
    }
    if (dir)
        closedir(dir);
}

static int by_age(const void *a, const void *b)
{
    const struct snapshot *x = *(struct snapshot *const *)a;
    const struct snapshot *y = *(struct snapshot *const *)b;

    if (x->started != y->started)
        return x->started < y->started ? -1 : 1;
    return strcmp(x->id, y->id);
}

struct snapshot **store_all(struct store *st, size_t *count)
{
    struct snapshot **copy;
    autolock(&st->table_lock);

    scan(st);
    copy = calloc(st->count + 1, sizeof(struct snapshot *));
    *count = copy ? st->count : 0;
    if (*count == 0)
        return copy;
    memcpy(copy, st->all, *count * sizeof(struct snapshot *));
    qsort(copy, *count, sizeof(struct snapshot *), by_age);
    return copy;
}

static int write_description(const struct store *st, const struct snapshot *s,
                             struct fail *f)
{
    autofree char *path = path_of(st, s->id, ".json");
    autofree char *temp = path_of(st, s->id, ".new");
    autofree char *text = snapshot_print(s);
    FILE *out;
    bool ok;

    if (!path || !temp || !text)
        return fail(f, 0, "out of memory");
    out = fopen(temp, "we");
    if (!out)
        return fail(f, errno, "create %s", temp);
    ok = fprintf(out, "%s\n", text) > 0;
    ok &= fclose(out) == 0;
    if (!ok || rename(temp, path) < 0)
        return fail(f, errno, "write %s", path);
    return 0;
}

int store_save(struct store *st, struct snapshot *s, struct fail *f)
{
    autolock(&st->table_lock);

    if (write_description(st, s, f) < 0)
        return -1;
    if (known(st, s->id) || add(st, s))
        return 0;
    return fail(f, 0, "out of memory");
}
