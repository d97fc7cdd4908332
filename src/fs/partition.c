/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fs/partition-private.h"

static void add_note(struct partition_table *t, bool is_loss,
                     const char *fmt, va_list args)
{
    bool full = t->notes == PARTITION_NOTES_MAX;
    size_t i = full ? t->notes - 1 : t->notes++;

    t->is_loss[i] |= is_loss;
    if (full)
        snprintf(t->note[i], sizeof(t->note[0]),
                 "there is more that is odd about this partition table");
    else
        vsnprintf(t->note[i], sizeof(t->note[0]), fmt, args);
}

void partition_note(struct partition_table *t, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add_note(t, false, fmt, args);
    va_end(args);
}

void partition_loss(struct partition_table *t, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    add_note(t, true, fmt, args);
    va_end(args);
}

struct partition *partition_add(const struct fs_source *s,
                                struct partition_table *t, unsigned number,
                                uint64_t first, uint64_t sectors)
{
    struct partition *p;
    uint64_t offset, size;

    if (__builtin_mul_overflow(first, (uint64_t)t->sector, &offset)
        || offset >= s->size || sectors == 0) {
        partition_loss(t, "partition %u is outside of the volume: sector "
                       "%" PRIu64, number, first);
        return NULL;
    }
    if (t->count == PARTITIONS_MAX) {
        partition_loss(t, "there are more than %u partitions",
                       PARTITIONS_MAX);
        return NULL;
    }
    if (__builtin_mul_overflow(sectors, (uint64_t)t->sector, &size)
        || size > s->size - offset) {
        partition_note(t, "partition %u ends behind the volume and is cut",
                       number);
        size = s->size - offset;
    }
    p = &t->part[t->count++];
    *p = (struct partition){ .number = number, .offset = offset,
                             .size = size };
    return p;
}

/* Bytes that two partitions both have can belong to files of either. */
static void note_overlaps(struct partition_table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        for (size_t k = 0; k < i; k++) {
            const struct partition *a = &t->part[i], *b = &t->part[k];

            if (a->offset < b->offset + b->size
                && b->offset < a->offset + a->size)
                partition_note(t, "partitions %u and %u overlap", b->number,
                               a->number);
        }
    }
}

int partition_read(const struct fs_source *s, struct partition_table *t,
                   struct err *e)
{
    unsigned char mbr[MBR_BYTES];
    struct err why = ERR_INIT;
    bool has_mbr;
    int r;

    memset(t, 0, sizeof(*t));
    t->sector = 512;
    if (s->size < sizeof(mbr))
        return 0;
    has_mbr = fs_source_read(s, 0, mbr, sizeof(mbr), &why) == 0;
    r = gpt_read(s, t, e);
    if (r == 0 && !has_mbr)
        return err_set(e, why.kind, 0, "%.390s", why.msg);
    if (r == 0)
        r = mbr_read(s, mbr, t);
    else if (r > 0 && !has_mbr)
        partition_loss(t, "beside the GPT there may be an MBR, which could "
                       "not be read");
    else if (r > 0 && !mbr_is_protective(mbr))
        partition_note(t, "beside the GPT there is an MBR that does not "
                       "only protect it; the GPT is read");
    if (r > 0)
        note_overlaps(t);
    return r < 0 ? -1 : 0;
}
