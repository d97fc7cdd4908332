/* SPDX-License-Identifier: Apache-2.0 */
/* GUID partition tables, the first and its copy. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fs/bytes.h"
#include "fs/partition-private.h"

enum {
    HEADER_MIN = 92, ENTRY_MIN = 128, ENTRY_MAX = 4096, ENTRIES_MAX = 4096,
    AT_SIZE = 12, AT_CRC = 16, AT_SELF = 24, AT_OTHER = 32,
    AT_ENTRIES = 72, AT_COUNT = 80, AT_ENTRY_SIZE = 84, AT_ENTRIES_CRC = 88,
    ENTRY_FIRST = 32, ENTRY_LAST = 40, ENTRY_NAME = 56, ENTRY_NAME_CHARS = 36,
};

struct gpt {
    uint64_t self, other, entries;
    uint32_t count, entry_size, crc;
    unsigned char *rows;
};

static uint32_t crc_of(const unsigned char *p, size_t n)
{
    return (uint32_t)crc32(0, p, (uInt)n);
}

static bool header_is_good(unsigned char *b, unsigned sector, uint64_t at)
{
    uint32_t size = le32_at(b + AT_SIZE), crc = le32_at(b + AT_CRC);

    if (memcmp(b, "EFI PART", 8) != 0 || size < HEADER_MIN || size > sector
        || le64_at(b + AT_SELF) != at)
        return false;
    memset(b + AT_CRC, 0, 4);
    return crc_of(b, size) == crc;
}

static bool entries_are_good(const struct gpt *g)
{
    return g->entry_size >= ENTRY_MIN && g->entry_size <= ENTRY_MAX
        && g->count <= ENTRIES_MAX;
}

/* 1: there is a good one whose header is sector `at'; one that cannot be read
 * is none. */
static int load(const struct fs_source *s, unsigned sector, uint64_t at,
                struct gpt *g, struct err *e)
{
    unsigned char b[4096];
    size_t n;
    uint64_t offset;
    struct err ignored = ERR_INIT;

    if (at >= s->size / sector
        || fs_source_read(s, at * sector, b, sector, &ignored) < 0)
        return 0;
    if (!header_is_good(b, sector, at))
        return 0;
    *g = (struct gpt){ at, le64_at(b + AT_OTHER), le64_at(b + AT_ENTRIES),
                       le32_at(b + AT_COUNT), le32_at(b + AT_ENTRY_SIZE),
                       le32_at(b + AT_ENTRIES_CRC), NULL };
    n = (size_t)g->count * g->entry_size;
    if (!entries_are_good(g) || g->entries > s->size / sector
        || (offset = g->entries * sector) > s->size || n > s->size - offset)
        return 0;
    if (!(g->rows = malloc(n + 1)))
        return err_nomem(e);
    if (fs_source_read(s, offset, g->rows, n, &ignored) < 0)
        return 0;
    return crc_of(g->rows, n) == g->crc;
}

/* ----------------------------------------------------------------- entries */

static void add_utf8(struct partition *p, size_t *n, uint32_t c)
{
    unsigned char *to = (unsigned char *)p->label + *n;

    if (c < 0x80) {
        to[0] = (unsigned char)c;
        *n += 1;
    } else if (c < 0x800) {
        to[0] = (unsigned char)(0xc0 | c >> 6);
        to[1] = (unsigned char)(0x80 | (c & 63));
        *n += 2;
    } else {
        to[0] = (unsigned char)(0xe0 | c >> 12);
        to[1] = (unsigned char)(0x80 | (c >> 6 & 63));
        to[2] = (unsigned char)(0x80 | (c & 63));
        *n += 3;
    }
}

/* 36 characters of 16 bits take at most 108 bytes.  What lies outside of the
 * first plane is shown as what cannot be shown. */
static void set_label(struct partition *p, const unsigned char *name)
{
    size_t n = 0;

    for (int i = 0; i < ENTRY_NAME_CHARS; i++) {
        uint32_t c = le16_at(name + 2 * i);

        if (!c)
            break;
        add_utf8(p, &n, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    }
    p->label[n] = '\0';
}

static void set_type(struct partition *p, const unsigned char *g)
{
    snprintf(p->type, sizeof(p->type), "%08" PRIx32 "-%04x-%04x-%02x%02x-"
             "%02x%02x%02x%02x%02x%02x", le32_at(g), le16_at(g + 4),
             le16_at(g + 6), g[8], g[9], g[10], g[11], g[12], g[13], g[14],
             g[15]);
}

static void add_entry(const struct fs_source *s, struct partition_table *t,
                      unsigned number, const unsigned char *row)
{
    static const unsigned char unused[16];
    uint64_t first = le64_at(row + ENTRY_FIRST);
    uint64_t last = le64_at(row + ENTRY_LAST);
    struct partition *p;

    if (memcmp(row, unused, sizeof(unused)) == 0)
        return;
    if (last < first || last == UINT64_MAX) {
        partition_loss(t, "partition %u ends before it begins", number);
        return;
    }
    p = partition_add(s, t, number, first, last - first + 1);
    if (!p)
        return;
    set_type(p, row);
    set_label(p, row + ENTRY_NAME);
}

static void take(const struct fs_source *s, struct partition_table *t,
                 unsigned sector, const struct gpt *g)
{
    t->scheme = PARTITION_GPT;
    t->sector = sector;
    for (uint32_t i = 0; i < g->count; i++)
        add_entry(s, t, i + 1, g->rows + (size_t)i * g->entry_size);
}

/* ------------------------------------------------------------------- both */

static bool same(const struct gpt *a, const struct gpt *b)
{
    return a->count == b->count && a->entry_size == b->entry_size
        && memcmp(a->rows, b->rows, (size_t)a->count * a->entry_size) == 0;
}

static void note_copy(struct partition_table *t, const struct gpt *first,
                      int has_first, const struct gpt *copy, int has_copy)
{
    if (!has_first)
        partition_note(t, "the GPT at the beginning is damaged or gone; its "
                       "copy is read");
    else if (!has_copy)
        partition_note(t, "the copy of the GPT is damaged or gone");
    else if (!same(first, copy))
        partition_loss(t, "the GPT and its copy differ; the first is read");
    t->from_backup = !has_first;
}

/* The copy is at the end; on a volume that grew, where the first one says. */
static int load_copy(const struct fs_source *s, unsigned sector,
                     const struct gpt *first, int has_first,
                     struct gpt *copy, struct err *e)
{
    int r = load(s, sector, s->size / sector - 1, copy, e);

    if (r != 0 || !has_first || first->other == first->self)
        return r;
    free(copy->rows);
    copy->rows = NULL;
    return load(s, sector, first->other, copy, e);
}

static int read_with(const struct fs_source *s, unsigned sector,
                     struct partition_table *t, struct err *e)
{
    struct gpt first = { 0 }, copy = { 0 };
    int has_first = load(s, sector, 1, &first, e);
    int has_copy = has_first < 0 || s->size / sector < 3 ? has_first
        : load_copy(s, sector, &first, has_first, &copy, e);

    if (has_first >= 0 && has_copy >= 0 && (has_first || has_copy)) {
        note_copy(t, &first, has_first, &copy, has_copy);
        take(s, t, sector, has_first ? &first : &copy);
    }
    free(first.rows);
    free(copy.rows);
    return has_first < 0 || has_copy < 0 ? -1 : has_first || has_copy;
}

int gpt_read(const struct fs_source *s, struct partition_table *t,
             struct err *e)
{
    int r = read_with(s, 512, t, e);

    return r ? r : read_with(s, 4096, t, e);
}
