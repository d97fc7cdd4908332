/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/compare.h"

#include <stdio.h>
#include <string.h>

/* SHA-256 of 524288 zero bytes. */
static const unsigned char zero_sha256[32] = {
    0x07, 0x85, 0x4d, 0x2f, 0xef, 0x29, 0x7a, 0x06, 0xba, 0x81, 0x68,
    0x5e, 0x66, 0x0c, 0x33, 0x2d, 0xe3, 0x6d, 0x5d, 0x18, 0xd5, 0x46,
    0x92, 0x7d, 0x30, 0xda, 0xad, 0x6d, 0x7f, 0xda, 0x15, 0x41,
};

static int next_row(struct compare *c, struct err *e)
{
    c->have_row = manifest_next(c->rows, &c->row, e);
    return c->have_row < 0 ? -1 : 0;
}

static void different(struct compare *c, uint32_t index, const char *why)
{
    c->counts.different++;
    if (c->different)
        c->different(c->ctx, index, why);
}

/* One block of the image, given by its digest, against its row. */
static void judge(struct compare *c, const unsigned char sha256[32])
{
    const struct manifest_row *row = &c->row;
    bool zeros = memcmp(sha256, zero_sha256, 32) == 0;

    if (row->class == BLOCK_UNREADABLE) {
        c->counts.unreadable++;
        if (!zeros)
            different(c, row->index, "was unreadable, but is not zeros now");
    } else if (memcmp(sha256, row->sha256, 32) != 0) {
        different(c, row->index, "does not have the provider's SHA-256");
    } else if (zeros != (row->class == BLOCK_ZERO)) {
        different(c, row->index, zeros ? "is zeros, and the manifest calls it "
                                         "data"
                                       : "is data, and the manifest calls it "
                                         "zeros");
    } else {
        c->counts.same++;
        c->counts.cached += row->cached;
        c->counts.zero += zeros;
    }
}

static int compare_append(struct sink *k, const struct slot *s,
                          const void *packed, struct err *e)
{
    struct compare *c = (struct compare *)k;
    uint32_t index = slot_index(s);

    (void)packed;
    c->position = s->offset + s->len;
    if (c->have_row && c->row.index == index) {
        judge(c, s->sha256);
        return next_row(c, e);
    }
    if (!s->zero)
        different(c, index, "was never stored by the provider, but is not "
                            "zeros");
    return 0;
}

static int compare_hole(struct sink *k, uint64_t offset, uint64_t len,
                        struct err *e)
{
    struct compare *c = (struct compare *)k;

    c->position = offset + len;
    while (c->have_row
           && (uint64_t)c->row.index * BLOCK_SIZE < offset + len) {
        judge(c, zero_sha256);
        if (next_row(c, e) < 0)
            return -1;
    }
    return 0;
}

static int compare_finish(struct sink *k, const struct hashes *stream,
                          struct err *e)
{
    struct compare *c = (struct compare *)k;

    (void)stream;
    while (c->have_row) {
        different(c, c->row.index, "lies past the end of the image");
        if (next_row(c, e) < 0)
            return -1;
    }
    return 0;
}

static void compare_nothing(struct sink *k)
{
    (void)k;
}

int compare_open(struct compare *c, struct manifest_reader *rows,
                 struct err *e)
{
    memset(c, 0, sizeof(*c));
    c->sink = (struct sink){
        .name = "manifest",
        .append = compare_append,
        .hole = compare_hole,
        .finish = compare_finish,
        .abandon = compare_nothing,
        .free = compare_nothing,
    };
    c->rows = rows;
    return next_row(c, e);
}
