/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "codec.h"
#include "scope.h"

int upload_begin(struct store *st, struct snapshot *s, struct fail *f)
{
    autofree char *path = store_blocks_path(st, s->id);
    autoclose int fd = -1;

    if (!path)
        return fail(f, 0, "out of memory");
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(f, errno, "create %s", path);
    s->data_file = data_create(store_data(st), f);
    return s->data_file ? store_save(st, s, f) : -1;
}

static int append(struct store *st, const struct snapshot *s,
                  const struct blocks_record *record, struct fail *f)
{
    autofree char *path = store_blocks_path(st, s->id);
    autoclose int fd = path ? open(path, O_WRONLY | O_CLOEXEC) : -1;
    off_t at = (off_t)record->slot * (off_t)sizeof(*record);

    if (fd < 0 || pwrite(fd, record, sizeof(*record), at) !=
                      (ssize_t)sizeof(*record))
        return fail(f, errno, "write the blocks of %s", s->id);
    return 0;
}

static uint32_t next_slot(struct store *st, struct snapshot *s)
{
    autolock(store_lock(st));

    return s->puts++;
}

int upload_put(struct store *st, struct snapshot *s, uint32_t index,
               const void *block, const uint8_t sha256[DIGEST_SIZE],
               struct fail *f)
{
    struct blocks_record record = {
        .index = index,
        .file = (uint32_t)s->data_file,
        .slot = next_slot(st, s),
    };

    memcpy(record.sha256, sha256, DIGEST_SIZE);
    if (data_put(store_data(st), record.file, record.slot, block, f) < 0)
        return -1;
    autolock(store_lock(st));
    if (s->completed)
        return 1;
    return append(st, s, &record, f);
}

/* The put blocks, in order of index, the last of each; to be freed. */
struct puts {
    struct blocks_record *list;
    uint64_t count;
};

static int by_index(const void *a, const void *b)
{
    const struct blocks_record *x = a;
    const struct blocks_record *y = b;

    if (x->index != y->index)
        return x->index < y->index ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* A slot whose put never ended has a record without a file. */
static void keep_last(struct puts *p)
{
    uint64_t kept = 0;

    for (uint64_t i = 0; i < p->count; i++) {
        const struct blocks_record *r = &p->list[i];

        if (r->file == 0 ||
            (i + 1 < p->count && p->list[i + 1].index == r->index))
            continue;
        p->list[kept++] = *r;
    }
    p->count = kept;
}

static int read_puts(const char *path, struct puts *p, struct fail *f)
{
    autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return fail(f, errno, "open %s", path);
    p->count = (uint64_t)st.st_size / sizeof(*p->list);
    p->list = malloc((size_t)st.st_size + 1);
    if (!p->list)
        return fail(f, 0, "out of memory");
    if (read(fd, p->list, (size_t)st.st_size) != (ssize_t)st.st_size)
        return fail(f, errno, "read %s", path);
    qsort(p->list, p->count, sizeof(*p->list), by_index);
    keep_last(p);
    return 0;
}

/* SHA-256 over the raw digests, in order of index. */
static bool linear_fits(const struct puts *p, const char *claimed)
{
    autofree uint8_t *digests = malloc(p->count * DIGEST_SIZE + 1);
    uint8_t sum[DIGEST_SIZE];
    char text[DIGEST_BASE64_ROOM];

    if (!digests)
        return false;
    for (uint64_t i = 0; i < p->count; i++)
        memcpy(digests + i * DIGEST_SIZE, p->list[i].sha256, DIGEST_SIZE);
    digest_sha256(digests, p->count * DIGEST_SIZE, sum);
    codec_base64(BASE64_STANDARD, sum, DIGEST_SIZE, text);
    return strcmp(text, claimed) == 0;
}

static void judge(struct snapshot *s, const struct puts *p,
                  const struct upload_claim *claim)
{
    if (claim->count != p->count)
        strcpy(s->problem, "Changed blocks count mismatch for snapshot");
    else if (claim->linear && !linear_fits(p, claim->linear))
        strcpy(s->problem, "Checksum mismatch for snapshot");
}

/* The parent's blocks with the put ones laid over. */
static int write_merged(FILE *out, const struct blocks *parent,
                        const struct puts *p, struct fail *f)
{
    uint64_t i = 0;
    uint64_t j = 0;

    while (i < parent->count || j < p->count) {
        struct blocks_record record;

        if (i == parent->count) {
            record = p->list[j++];
        } else {
            struct block old = blocks_at(parent, i);

            record = *old.record;
            record.index = old.index;
            if (j < p->count && p->list[j].index <= old.index)
                record = p->list[j++];
            i += record.index == old.index;
        }
        if (fwrite(&record, sizeof(record), 1, out) != 1)
            return fail(f, errno, "write the list of blocks");
    }
    return fflush(out) == 0 ? 0 : fail(f, errno, "write the list of blocks");
}

static int replace_log(struct store *st, const struct snapshot *s,
                       const char *path, const struct puts *p,
                       struct fail *f)
{
    static const struct blocks none = { 0 };
    struct snapshot *parent = s->parent[0] ? store_find(st, s->parent) : NULL;
    autofree char *temp = NULL;
    autofclose FILE *out = NULL;

    if (asprintf(&temp, "%s.new", path) < 0) {
        temp = NULL;
        return fail(f, 0, "out of memory");
    }
    out = fopen(temp, "we");
    if (!out)
        return fail(f, errno, "create %s", temp);
    if (write_merged(out, parent ? &parent->blocks : &none, p, f) < 0)
        return -1;
    return rename(temp, path) < 0 ? fail(f, errno, "write %s", path) : 0;
}

int upload_seal(struct store *st, struct snapshot *s,
                const struct upload_claim *claim, struct fail *f)
{
    autofree char *path = store_blocks_path(st, s->id);
    autofree void *list = NULL;
    struct puts p = { 0 };

    if (!path || read_puts(path, &p, f) < 0) {
        free(p.list);
        return path ? -1 : fail(f, 0, "out of memory");
    }
    list = p.list;
    judge(s, &p, claim);
    if (replace_log(st, s, path, &p, f) < 0 ||
        data_seal(store_data(st), (uint32_t)s->data_file, s->puts, f) < 0 ||
        store_map_blocks(st, s, f) < 0)
        return -1;
    s->completed = (uint64_t)claim->completed;
    return store_save(st, s, f);
}
