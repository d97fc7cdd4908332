/* SPDX-License-Identifier: Apache-2.0 */
/* The table in the first sector, and the chain of those in an extended
 * partition. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "fs/bytes.h"
#include "fs/partition-private.h"
#include "fs/recognize.h"

enum { TABLE = 446, ROW = 16, ROWS = 4, LOGICAL_MAX = 128,
       PROTECTS_GPT = 0xee };

struct row {
    unsigned status, type;
    uint32_t first, sectors;
};

static struct row row_at(const unsigned char *sector, int i)
{
    const unsigned char *p = sector + TABLE + ROW * i;

    return (struct row){ p[0], p[4], le32_at(p + 8), le32_at(p + 12) };
}

static bool is_signed(const unsigned char *sector)
{
    return sector[510] == 0x55 && sector[511] == 0xaa;
}

static bool is_extended(unsigned type)
{
    return type == 0x05 || type == 0x0f || type == 0x85;
}

static bool is_used(const struct row *r)
{
    return r->type && r->sectors;
}

bool mbr_is_protective(const unsigned char *mbr)
{
    for (int i = 0; i < ROWS; i++) {
        struct row r = row_at(mbr, i);

        if (is_used(&r) && r.type != PROTECTS_GPT)
            return false;
    }
    return true;
}

/* The boot sector of a file system ends with the same two bytes, and has code
 * where the rows would be. */
static bool is_table(const unsigned char *mbr)
{
    int used = 0;

    if (!is_signed(mbr))
        return false;
    for (int i = 0; i < ROWS; i++) {
        struct row r = row_at(mbr, i);

        if ((r.status & 0x7f) || (is_used(&r) && r.first == 0))
            return false;
        used += is_used(&r);
    }
    return used > 0;
}

static void add(const struct fs_source *s, struct partition_table *t,
                unsigned number, const struct row *r, uint64_t base)
{
    struct partition *p = partition_add(s, t, number, base + r->first,
                                        r->sectors);

    if (p)
        snprintf(p->type, sizeof(p->type), "0x%02x", r->type);
}

/* What lies in the rows of a link, from the link on.  Systems use the first
 * two, in either order, and leave anything in the others: what makes no sense
 * there is no partition. */
static void add_data(const struct fs_source *s, struct partition_table *t,
                     const unsigned char *b, uint64_t link, unsigned *number)
{
    for (int i = 0; i < ROWS; i++) {
        struct row r = row_at(b, i);

        if (!is_used(&r) || is_extended(r.type))
            continue;
        if (i < 2 || link + r.first + r.sectors <= s->size / t->sector)
            add(s, t, (*number)++, &r, link);
        else
            partition_note(t, "row %d of the table at sector %" PRIu64 " makes "
                           "no sense", i + 1, link);
    }
}

/* The next link, from the extended partition on; 0: there is none.  The first
 * one is it, wherever it stands. */
static uint32_t next_link(struct partition_table *t, const unsigned char *b,
                          uint64_t link)
{
    uint32_t next = 0;

    for (int i = 0; i < ROWS; i++) {
        struct row r = row_at(b, i);

        if (!is_extended(r.type) || !r.first)
            continue;
        if (!next)
            next = r.first;
        else
            partition_loss(t, "the table at sector %" PRIu64 " has more than "
                           "one link; the first is followed", link);
    }
    return next;
}

/* A chain of tables.  One that goes back is none. */
static void add_logical(const struct fs_source *s, struct partition_table *t,
                        uint64_t extended)
{
    struct err ignored = ERR_INIT;
    unsigned char b[MBR_BYTES];
    uint64_t link = extended;
    unsigned number = 5;

    for (int n = 0; n < LOGICAL_MAX; n++) {
        uint32_t next;

        if (link >= s->size / t->sector)
            break;
        if (fs_source_read(s, link * t->sector, b, sizeof(b), &ignored) < 0
            || !is_signed(b))
            break;
        add_data(s, t, b, link, &number);
        next = next_link(t, b, link);
        if (!next)
            return;
        if (extended + next <= link)
            break;
        link = extended + next;
    }
    partition_loss(t, "the chain of logical partitions is broken at sector "
                   "%" PRIu64, link);
}

struct part_window {
    const struct fs_source *of;
    uint64_t offset;
};

static int read_window(void *ctx, uint64_t offset, void *to, size_t n,
                       struct err *e)
{
    const struct part_window *w = ctx;

    return fs_source_read(w->of, w->offset + offset, to, n, e);
}

/* How many partitions begin with something, if sectors are that large.  What
 * cannot be read is nothing here: it is told where it is read. */
static int known_with(const struct fs_source *s, const unsigned char *mbr,
                      unsigned sector)
{
    const struct fs_kind *kinds[FS_KINDS_MAX];
    struct err ignored = ERR_INIT;
    int known = 0;

    for (int i = 0; i < ROWS; i++) {
        struct row r = row_at(mbr, i);
        struct part_window w = { s, (uint64_t)r.first * sector };
        struct fs_source part = { read_window, &w, 0 };

        if (!is_used(&r) || w.offset >= s->size)
            continue;
        part.size = s->size - w.offset;
        known += fs_recognize(&part, kinds, &ignored) > 0;
    }
    return known;
}

/* Nothing in an MBR says how large its sectors are. */
static void set_sector(const struct fs_source *s, const unsigned char *mbr,
                       struct partition_table *t)
{
    t->sector = !known_with(s, mbr, 512) && known_with(s, mbr, 4096) ? 4096
                                                                     : 512;
}

bool mbr_read(const struct fs_source *s, const unsigned char *mbr,
              struct partition_table *t)
{
    if (!is_table(mbr))
        return false;
    set_sector(s, mbr, t);
    t->scheme = PARTITION_MBR;
    for (int i = 0; i < ROWS; i++) {
        struct row r = row_at(mbr, i);

        if (!is_used(&r))
            continue;
        if (r.type == PROTECTS_GPT)
            partition_loss(t, "the MBR protects a GPT, and there is none that "
                           "is whole");
        else if (!is_extended(r.type))
            add(s, t, (unsigned)i + 1, &r, 0);
        else
            add_logical(s, t, r.first);
    }
    return true;
}
