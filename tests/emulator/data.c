/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "data.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "blocks.h"
#include "scope.h"

struct file {
    uint32_t number;
    int fd;
    const uint8_t *map; /* NULL until somebody views it */
    uint64_t size;      /* of the map */
};

struct data {
    char *dir;
    pthread_mutex_t lock; /* for the table, not for what it points to */
    struct file *files;
    size_t count;
};

struct data *data_new(const char *dir)
{
    struct data *d = calloc(1, sizeof(*d));

    if (!d)
        return NULL;
    d->dir = strdup(dir);
    pthread_mutex_init(&d->lock, NULL);
    if (!d->dir) {
        data_free(d);
        return NULL;
    }
    return d;
}

static void file_close(struct file *f)
{
    if (f->map)
        munmap((void *)(uintptr_t)f->map, f->size);
    close(f->fd);
}

void data_free(struct data *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->count; i++)
        file_close(&d->files[i]);
    pthread_mutex_destroy(&d->lock);
    free(d->files);
    free(d->dir);
    free(d);
}

static int open_number(struct data *d, uint32_t number, int flags)
{
    autofree char *path = NULL;

    if (asprintf(&path, "%s/data-%08u", d->dir, number) < 0) {
        path = NULL;
        errno = ENOMEM;
        return -1;
    }
    return open(path, flags | O_CLOEXEC, 0600);
}

/* Lock held.  Takes the descriptor over, also when it fails. */
static struct file *add_file(struct data *d, uint32_t number, int fd)
{
    struct file *files;

    files = realloc(d->files, (d->count + 1) * sizeof(*files));
    if (!files) {
        close(fd);
        return NULL;
    }
    d->files = files;
    files[d->count] = (struct file){ .number = number, .fd = fd };
    return &files[d->count++];
}

/* Lock held. */
static struct file *find_file(struct data *d, uint32_t number)
{
    int fd;

    for (size_t i = 0; i < d->count; i++)
        if (d->files[i].number == number)
            return &d->files[i];
    fd = open_number(d, number, O_RDWR);
    if (fd < 0)
        fd = open_number(d, number, O_RDONLY);
    return fd < 0 ? NULL : add_file(d, number, fd);
}

uint32_t data_create(struct data *d, struct fail *f)
{
    autolock(&d->lock);

    for (uint32_t number = 1; number < 100000000; number++) {
        int fd = open_number(d, number, O_RDWR | O_CREAT | O_EXCL);

        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd >= 0 && add_file(d, number, fd))
            return number;
        break;
    }
    fail(f, errno, "create a data file in %s", d->dir);
    return 0;
}

static int fd_of(struct data *d, uint32_t number)
{
    autolock(&d->lock);
    struct file *file = find_file(d, number);

    return file ? file->fd : -1;
}

static bool is_zero(const uint8_t *p)
{
    return p[0] == 0 && memcmp(p, p + 1, BLOCK_SIZE - 1) == 0;
}

int data_put(struct data *d, uint32_t file, uint32_t slot,
             const void *block, struct fail *f)
{
    const char *at = block;
    size_t left = BLOCK_SIZE;
    off_t offset = (off_t)slot * BLOCK_SIZE;
    int fd = fd_of(d, file);

    if (is_zero(block))
        return 0;
    while (left) {
        ssize_t n = pwrite(fd, at, left, offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail(f, errno, "write data file %u", file);
        at += n;
        offset += n;
        left -= (size_t)n;
    }
    return 0;
}

int data_seal(struct data *d, uint32_t file, uint32_t slots, struct fail *f)
{
    if (ftruncate(fd_of(d, file), (off_t)slots * BLOCK_SIZE) < 0)
        return fail(f, errno, "size data file %u", file);
    return 0;
}

static int map_file(struct file *file)
{
    struct stat st;
    void *map;

    if (fstat(file->fd, &st) < 0)
        return -1;
    map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, file->fd, 0);
    if (map == MAP_FAILED)
        return -1;
    file->map = map;
    file->size = (uint64_t)st.st_size;
    return 0;
}

const uint8_t *data_view(struct data *d, uint32_t file, uint32_t slot,
                         struct fail *f)
{
    uint64_t offset = (uint64_t)slot * BLOCK_SIZE;
    autolock(&d->lock);
    struct file *found = find_file(d, file);

    if (!found || (!found->map && map_file(found) < 0)) {
        fail(f, errno, "open data file %u", file);
        return NULL;
    }
    if (offset + BLOCK_SIZE > found->size) {
        fail(f, 0, "data file %u is too short", file);
        return NULL;
    }
    return found->map + offset;
}
