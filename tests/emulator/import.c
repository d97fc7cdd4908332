/* SPDX-License-Identifier: Apache-2.0 */
/* The command `import': a disk image becomes a snapshot. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "describe.h"
#include "scope.h"

#define GIB (UINT64_C(1) << 30)

struct config {
    struct describe describe; /* first, see DESCRIBE_ROWS */
    const char *image;
    struct option_list rewrites;
};

const struct option_row import_options[] = {
    DESCRIBE_ROWS,
    { "image", "FILE", option_text, offsetof(struct config, image),
      "the disk image (needed); its holes are never-written blocks" },
    { "rewrite", "N", option_append, offsetof(struct config, rewrites),
      "block N was written again, even if it holds the same bytes; may be "
      "repeated" },
    { 0 },
};

/* What is needed for every block. */
struct run {
    int image;
    uint64_t size;
    struct store *store;
    struct snapshot *snapshot;
    const struct blocks *parent; /* NULL: none */
    const struct option_list *rewrites;
    FILE *out;                   /* the blocks file */
    uint32_t slots;
    uint8_t *block;
};

static int read_block(const struct run *r, uint64_t offset, struct fail *f)
{
    size_t have = 0;

    while (have < BLOCK_SIZE) {
        ssize_t n = pread(r->image, r->block + have, BLOCK_SIZE - have,
                          (off_t)(offset + have));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(f, errno, "read the image");
        if (n == 0)
            break;
        have += (size_t)n;
    }
    memset(r->block + have, 0, BLOCK_SIZE - have);
    return 0;
}

static bool rewritten(const struct run *r, uint32_t index)
{
    char text[16];

    snprintf(text, sizeof(text), "%u", index);
    for (size_t i = 0; i < r->rewrites->count; i++)
        if (strcmp(r->rewrites->values[i], text) == 0)
            return true;
    return false;
}

static bool inherited(const struct run *r, struct blocks_record *record)
{
    struct block old;

    if (!r->parent || rewritten(r, record->index) ||
        !blocks_find(r->parent, record->index, &old) ||
        memcmp(old.record->sha256, record->sha256, DIGEST_SIZE) != 0)
        return false;
    record->file = old.record->file;
    record->slot = old.record->slot;
    return true;
}

static int take_block(struct run *r, uint32_t index, struct fail *f)
{
    struct blocks_record record = { .index = index };
    struct data *data = store_data(r->store);
    uint64_t *file = &r->snapshot->data_file;

    if (read_block(r, (uint64_t)index * BLOCK_SIZE, f) < 0)
        return -1;
    digest_sha256(r->block, BLOCK_SIZE, record.sha256);
    if (!inherited(r, &record)) {
        if (*file == 0 && (*file = data_create(data, f)) == 0)
            return -1;
        record.file = (uint32_t)*file;
        record.slot = r->slots++;
        if (data_put(data, record.file, record.slot, r->block, f) < 0)
            return -1;
    }
    if (fwrite(&record, sizeof(record), 1, r->out) != 1)
        return fail(f, errno, "write the list of blocks");
    return 0;
}

/* A block is stored if any byte of it lies in a data extent. */
static int take_extents(struct run *r, struct fail *f)
{
    uint64_t next = 0; /* first byte of the next block to take */

    while (next < r->size) {
        off_t data = lseek(r->image, (off_t)next, SEEK_DATA);
        off_t hole;

        if (data < 0 && errno == ENXIO)
            return 0;
        hole = data < 0 ? data : lseek(r->image, data, SEEK_HOLE);
        if (hole < 0)
            return fail(f, errno, "find the holes of the image");
        next = (uint64_t)data / BLOCK_SIZE * BLOCK_SIZE;
        for (; next < (uint64_t)hole; next += BLOCK_SIZE)
            if (take_block(r, (uint32_t)(next / BLOCK_SIZE), f) < 0)
                return -1;
    }
    return 0;
}

static int finish(struct run *r, struct fail *f)
{
    struct snapshot *s = r->snapshot;
    struct fail ignored;

    if (fflush(r->out) != 0)
        return fail(f, errno, "write the list of blocks");
    if (s->data_file &&
        data_seal(store_data(r->store), (uint32_t)s->data_file, r->slots,
                  f) < 0)
        return -1;
    if (store_save(r->store, s, f) < 0)
        return -1;
    /* The store owns it now, so it must be whole; only `serve' reads it. */
    (void)store_map_blocks(r->store, s, &ignored);
    printf("%s\n", s->id);
    return fflush(stdout) == 0 ? 0 : fail(f, errno, "write to stdout");
}

static int run(struct run *r, struct fail *f)
{
    autofree char *path = store_blocks_path(r->store, r->snapshot->id);
    autofree uint8_t *block = malloc(BLOCK_SIZE);
    autofclose FILE *out = path ? fopen(path, "wxe") : NULL;

    if (!path || !block)
        return fail(f, 0, "out of memory");
    if (!out)
        return fail(f, errno, "create %s", path);
    r->block = block;
    r->out = out;
    if (take_extents(r, f) == 0)
        return finish(r, f);
    unlink(path);
    return -1;
}

static int open_image(const char *path, struct run *r, struct fail *f)
{
    struct stat st;

    if (fstat(r->image, &st) < 0)
        return fail(f, errno, "open %s", path);
    if (!S_ISREG(st.st_mode))
        return fail(f, 0, "%s is not a regular file", path);
    if (st.st_size == 0)
        return fail(f, 0, "%s is empty", path);
    r->size = (uint64_t)st.st_size;
    if (r->size > 65536 * GIB)
        return fail(f, 0, "%s is larger than 64 TiB", path);
    return 0;
}

static int import(const struct config *c, struct store *st, struct fail *f)
{
    autoclose int image = open(c->image, O_RDONLY | O_CLOEXEC);
    struct run r = {
        .image = image, .store = st, .rewrites = &c->rewrites,
    };
    struct snapshot *parent;

    if (image < 0)
        return fail(f, errno, "open %s", c->image);
    if (open_image(c->image, &r, f) < 0)
        return -1;
    r.snapshot = describe_make(&c->describe, st, &parent, f);
    if (!r.snapshot)
        return -1;
    r.snapshot->size_gib = (r.size + GIB - 1) / GIB;
    r.parent = parent ? &parent->blocks : NULL;
    if (run(&r, f) == 0)
        return 0;
    if (store_find(st, r.snapshot->id) != r.snapshot)
        snapshot_free(r.snapshot);
    return -1;
}

int import_command(int argc, char **argv, struct fail *f)
{
    struct config c = { 0 };
    struct store *st;
    int result;

    if (option_parse(import_options, &c, argc, argv, f) < 0)
        return 2;
    if (!c.describe.store || !c.image) {
        fail(f, 0, "--store and --image are needed; see --help");
        return 2;
    }
    st = store_open(c.describe.store, f);
    result = st ? import(&c, st, f) : -1;
    store_close(st);
    free(c.describe.tags.values);
    free(c.rewrites.values);
    return result < 0;
}
