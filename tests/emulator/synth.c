/* SPDX-License-Identifier: Apache-2.0 */
/* The command `synth': a snapshot of any size that takes no disk.  A few
 * blocks are made; all others are said to look like one of them. */
#include <errno.h>
#include <string.h>

#include "command.h"
#include "describe.h"
#include "scope.h"

#define PATTERNS 64u /* different blocks of the random pattern */

struct config {
    struct describe describe; /* first, see DESCRIBE_ROWS */
    const char *pattern;
    uint64_t size_gib;
    uint64_t stored;
};

const struct option_row synth_options[] = {
    DESCRIBE_ROWS,
    { "size-gib", "N", option_number, offsetof(struct config, size_gib),
      "the size of the volume (1)" },
    { "stored-every", "N", option_number, offsetof(struct config, stored),
      "store every Nth block, from block 0 (1: all)" },
    { "pattern", "WORD", option_text, offsetof(struct config, pattern),
      "zero, or random (the default): 64 different blocks in turn" },
    { 0 },
};

/* splitmix64: the same bytes on every run. */
static void fill_random(uint64_t *words, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        words[i] = z ^ z >> 31;
    }
}

static int write_patterns(struct store *st, const struct snapshot *s,
                          uint32_t patterns, bool random, FILE *out,
                          struct fail *f)
{
    uint32_t file = data_create(store_data(st), f);
    autofree uint64_t *block = calloc(1, BLOCK_SIZE);

    if (!file)
        return -1;
    if (!block)
        return fail(f, 0, "out of memory");
    for (uint32_t i = 0; i < patterns; i++) {
        struct blocks_record record = { .index = i, .file = file, .slot = i };

        if (random)
            fill_random(block, BLOCK_SIZE / 8, (uint64_t)i << 40);
        digest_sha256(block, BLOCK_SIZE, record.sha256);
        if (data_put(store_data(st), file, i, block, f) < 0)
            return -1;
        if (fwrite(&record, sizeof(record), 1, out) != 1)
            return fail(f, errno, "write the blocks of %s", s->id);
    }
    return data_seal(store_data(st), file, patterns, f);
}

static int write_snapshot(const struct config *c, struct store *st,
                          struct snapshot *s, struct fail *f)
{
    autofree char *path = store_blocks_path(st, s->id);
    autofclose FILE *out = path ? fopen(path, "wxe") : NULL;
    bool zero = c->pattern && strcmp(c->pattern, "zero") == 0;

    if (!out)
        return fail(f, errno, "create the blocks of %s", s->id);
    s->size_gib = c->size_gib;
    s->every = c->stored;
    s->count = (c->size_gib * BLOCKS_PER_GIB + c->stored - 1) / c->stored;
    if (write_patterns(st, s, zero ? 1 : PATTERNS, !zero, out, f) < 0)
        return -1;
    if (fflush(out) != 0)
        return fail(f, errno, "write the blocks of %s", s->id);
    return store_save(st, s, f);
}

static int synth(const struct config *c, struct store *st, struct fail *f)
{
    struct snapshot *parent;
    struct snapshot *s = describe_make(&c->describe, st, &parent, f);

    if (!s)
        return -1;
    if (write_snapshot(c, st, s, f) == 0) {
        printf("%s\n", s->id);
        return 0;
    }
    if (store_find(st, s->id) != s)
        snapshot_free(s);
    return -1;
}

static int check(const struct config *c, struct fail *f)
{
    if (!c->describe.store)
        return fail(f, 0, "--store is needed; see --help");
    if (c->size_gib < 1 || c->size_gib > 65536)
        return fail(f, 0, "--size-gib is 1 to 65536");
    if (c->stored < 1 || c->stored > 65536 * UINT64_C(2048))
        return fail(f, 0, "--stored-every is 1 to 134217728");
    if (c->pattern && strcmp(c->pattern, "zero") != 0 &&
        strcmp(c->pattern, "random") != 0)
        return fail(f, 0, "--pattern is zero or random");
    return 0;
}

int synth_command(int argc, char **argv, struct fail *f)
{
    struct config c = { .size_gib = 1, .stored = 1 };
    struct store *st;
    int result;

    if (option_parse(synth_options, &c, argc, argv, f) < 0 ||
        check(&c, f) < 0)
        return 2;
    st = store_open(c.describe.store, f);
    result = st ? synth(&c, st, f) : -1;
    store_close(st);
    free(c.describe.tags.values);
    return result < 0;
}
