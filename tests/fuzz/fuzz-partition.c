/* SPDX-License-Identifier: Apache-2.0 */
/* Partition tables.  The input is sectors of a disk, each behind its number in
 * four bytes; all others are zeros.  The checksums of a GPT are put right,
 * since nobody guesses them. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fs/bytes.h"
#include "fs/partition.h"
#include "fuzz.h"

#define SECTORS 65536u
#define RECORD 516u

/* One for all inputs, cleaned behind each: to clear all of it takes longer
 * than to read its tables. */
static unsigned char disk[SECTORS * 512u];

static int read_disk(void *ctx, uint64_t offset, void *to, size_t n,
                     struct err *e)
{
    (void)ctx;
    (void)e;
    MUST(n > 0 && offset <= SECTORS * 512u && n <= SECTORS * 512u - offset);
    memcpy(to, disk + offset, n);
    return 0;
}

static void put32(unsigned char *to, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(n >> 8 * i);
}

static void mend(uint32_t sector, uint32_t at)
{
    unsigned char *h = disk + (size_t)at * sector;
    uint64_t rows = le64_at(h + 72), n;
    uint32_t size = le32_at(h + 12);

    if (memcmp(h, "EFI PART", 8) != 0 || size > sector || size < 92)
        return;
    n = (uint64_t)le32_at(h + 80) * le32_at(h + 84);
    if (rows < SECTORS && n < SECTORS * 512u - rows * 512u
        && rows * sector + n <= SECTORS * 512u)
        put32(h + 88, (uint32_t)crc32(0, disk + rows * sector, (uInt)n));
    put32(h + 16, 0);
    put32(h + 16, (uint32_t)crc32(0, h, size));
}

static void mend_all(void)
{
    mend(512, 1);
    mend(512, SECTORS - 1);
    mend(4096, 1);
    mend(4096, SECTORS / 8 - 1);
}

/* What is mended begins in a sector of the input, so that this clears it. */
static void clear(const uint8_t *data, size_t size)
{
    for (; size >= RECORD; data += RECORD, size -= RECORD)
        memset(disk + (size_t)(le32_at(data) % SECTORS) * 512, 0, 512);
}

static void check(const struct partition_table *t)
{
    MUST(t->count <= PARTITIONS_MAX && t->notes <= PARTITION_NOTES_MAX);
    MUST(t->sector == 512 || t->sector == 4096);
    MUST(t->scheme != PARTITION_NONE || t->count == 0);
    for (size_t i = 0; i < t->count; i++) {
        const struct partition *p = &t->part[i];

        MUST(p->size > 0 && p->offset < SECTORS * 512u
             && p->size <= SECTORS * 512u - p->offset);
        MUST(fuzz_is_utf8(p->label) && fuzz_is_shown(p->type));
    }
    for (size_t i = 0; i < t->notes; i++)
        MUST(*t->note[i] && fuzz_is_shown(t->note[i]));
}

int fuzz_one(const uint8_t *data, size_t size)
{
    struct fs_source s = { read_disk, NULL, SECTORS * 512u };
    struct partition_table *t = malloc(sizeof(*t));
    struct err e = ERR_INIT;

    MUST(t);
    for (size_t at = 0; size - at >= RECORD; at += RECORD)
        memcpy(disk + (size_t)(le32_at(data + at) % SECTORS) * 512,
               data + at + 4, 512);
    mend_all();
    MUST(partition_read(&s, t, &e) == 0);
    check(t);
    clear(data, size);
    free(t);
    return 0;
}
