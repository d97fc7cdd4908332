/* SPDX-License-Identifier: Apache-2.0 */
/* What differs, as files: each run of blocks from both sides, under its
 * offset in bytes, so that every fragment can be put back at its place.  The
 * index is written last: a folder without one is not complete. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/hash.h"
#include "base/file.h"
#include "base/private.h"
#include "base/scope.h"
#include "base/text.h"
#include "compare/diff.h"

struct half {
    int fd;                    /* -1: this side stores nothing here */
    char *path;
    struct hash *hash;
};

struct diff_dump {
    const struct diff *d;
    char *folder;              /* without a slash at its end */
    struct private_folder own;
    bool whole;                /* the index is written */
    struct half half[2];
    uint64_t offset, size;     /* of the run; size 0: none is open */
    enum diff_kind kind;
    struct text index;         /* index.csv so far */
    struct text sums;          /* SHA256SUMS so far */
};

/* --------------------------------------------------------------- one file */

static char *path_of(const struct diff_dump *u, const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", u->folder, name) < 0)
        return NULL;
    return path;
}

/* 20 digits hold every offset, so that names sort as the disk does. */
static int begin_half(struct diff_dump *u, int i, struct err *e)
{
    struct half *h = &u->half[i];
    char name[40];

    snprintf(name, sizeof(name), "%020" PRIu64 "-%c.bin", u->offset,
             u->d->sides[i].letter);
    h->path = path_of(u, name);
    h->hash = hash_new(HASH_SHA256, e);
    if (!h->path || !h->hash)
        return err_nomem(e);
    return file_create(h->path, &h->fd, e);
}

static int end_half(struct diff_dump *u, struct half *h, struct err *e)
{
    unsigned char sha256[HASH_MAX];
    char hex[65];
    int r;

    if (h->fd < 0) {
        text_add(&u->index, ",,");
        return 0;
    }
    hash_end(h->hash, sha256);
    hex_encode(hex, sha256, 32);
    text_addf(&u->index, ",%s,%s", file_name(h->path), hex);
    text_addf(&u->sums, "%s  %s\n", hex, file_name(h->path));
    r = file_sync(h->fd, h->path, e);
    close(h->fd);
    h->fd = -1;
    return r;
}

static void free_half(struct half *h)
{
    if (h->fd >= 0)
        close(h->fd);
    h->fd = -1;
    hash_free(h->hash);
    h->hash = NULL;
    free(h->path);
    h->path = NULL;
}

static int write_half(struct half *h, const struct slot *s, uint32_t size,
                      struct err *e)
{
    static const unsigned char zeros[BLOCK_SIZE];
    const unsigned char *bytes = s ? s->raw : zeros;

    if (h->fd < 0)
        return 0;
    hash_add(h->hash, bytes, size);
    return file_write(h->fd, bytes, size, h->path, e);
}

/* ---------------------------------------------------------------- one run */

static int end_run(struct diff_dump *u, struct err *e)
{
    int r = 0;

    if (!u->size)
        return 0;
    text_addf(&u->index, "%" PRIu64 ",%" PRIu64 ",%s", u->offset, u->size,
              diff_kind_names[u->kind]);
    for (int i = 0; i < 2; i++) {
        if (r == 0)
            r = end_half(u, &u->half[i], e);
        free_half(&u->half[i]);
    }
    text_add(&u->index, "\n");
    u->size = 0;
    return r;
}

/* A side that stores nothing here has no file: its zeros were never
 * stored. */
static int begin_run(struct diff_dump *u, const struct diff_block *b,
                     struct err *e)
{
    u->offset = b->index * BLOCK_SIZE;
    u->kind = b->kind;
    if ((b->kind != DIFF_ADDED && begin_half(u, 0, e) < 0)
        || (b->kind != DIFF_REMOVED && begin_half(u, 1, e) < 0))
        return -1;
    return 0;
}

static bool goes_on(const struct diff_dump *u, const struct diff_block *b)
{
    return u->size && u->kind == b->kind
        && u->offset + u->size == b->index * BLOCK_SIZE;
}

int diff_dump_block(struct diff_dump *u, const struct diff_block *b,
                    struct err *e)
{
    if (b->state != DIFF_DIFFERENT)
        return 0;
    if (!goes_on(u, b) && (end_run(u, e) < 0 || begin_run(u, b, e) < 0))
        return -1;
    for (int i = 0; i < 2; i++)
        if (write_half(&u->half[i], b->slot[i], b->size, e) < 0)
            return -1;
    u->size += b->size;
    return 0;
}

/* ----------------------------------------------------------------- folder */

static int check_room(const struct diff *d, const char *folder,
                      struct err *e)
{
    uint64_t need = 0;
    uint64_t room;
    char needs[32], has[32];

    for (int i = 0; i < 2; i++)
        if (d->sides[i].wanted)
            need += blockset_count(d->sides[i].wanted) * BLOCK_SIZE;
    if (file_room(folder, &room, e) < 0)
        return -1;
    if (need <= room)
        return 0;
    return err_set(e, ERR_DEST, 0, "there may be no room for what differs: "
                   "up to %s, %s are free where %s is",
                   size_text(needs, need), size_text(has, room), folder);
}

static int make_folder(const struct diff *d, const char *folder,
                       struct private_folder *own, struct err *e)
{
    if (check_room(d, folder, e) < 0)
        return -1;
    return private_make(own, folder, "probe", e);
}

static char *without_slashes(const char *folder)
{
    size_t n = strlen(folder);

    while (n > 1 && folder[n - 1] == '/')
        n--;
    return strndup(folder, n);
}

struct diff_dump *diff_dump_new(const struct diff *d, const char *folder,
                                struct err *e)
{
    struct diff_dump *u = calloc(1, sizeof(*u));

    if (!u) {
        err_nomem(e);
        return NULL;
    }
    u->d = d;
    u->folder = without_slashes(folder);
    u->half[0].fd = u->half[1].fd = -1;
    text_add(&u->index,
             "offset,size,kind,file_a,sha256_a,file_b,sha256_b\n");
    if (!u->folder)
        err_nomem(e);
    else if (make_folder(d, u->folder, &u->own, e) == 0)
        return u;
    diff_dump_free(u);
    return NULL;
}

static int write_text(const struct diff_dump *u, const char *name,
                      const struct text *t, struct err *e)
{
    autofree char *path = path_of(u, name);
    autoclose int fd = -1;

    if (!path || t->failed)
        return err_nomem(e);
    if (file_create(path, &fd, e) < 0
        || file_write(fd, t->s ? t->s : "", t->len, path, e) < 0)
        return -1;
    return file_sync(fd, path, e);
}

int diff_dump_end(struct diff_dump *u, struct err *e)
{
    autofree char *index = path_of(u, "index.csv");

    if (!index)
        return err_nomem(e);
    if (end_run(u, e) < 0 || write_text(u, "SHA256SUMS", &u->sums, e) < 0
        || write_text(u, "index.csv", &u->index, e) < 0)
        return -1;
    u->whole = file_sync_folder_of(index, e) == 0;
    return u->whole ? 0 : -1;
}

bool diff_dump_is_whole(const struct diff_dump *u)
{
    return u->whole;
}

void diff_dump_free(struct diff_dump *u)
{
    if (!u)
        return;
    for (int i = 0; i < 2; i++)
        free_half(&u->half[i]);
    text_free(&u->index);
    text_free(&u->sums);
    private_leave(&u->own);
    free(u->folder);
    free(u);
}
