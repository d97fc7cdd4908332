/* SPDX-License-Identifier: Apache-2.0 */
#include "image/partition.h"

#include <string.h>

#define SECTOR 512
#define MBR_TABLE 446
#define MBR_ENTRY 16
#define MBR_ENTRIES 4

static uint32_t le32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16
        | (uint32_t)p[3] << 24;
}

/* The header is in the second sector, whatever a sector's size. */
static bool has_gpt(const unsigned char *first)
{
    return memcmp(first + 512, "EFI PART", 8) == 0
        || memcmp(first + 4096, "EFI PART", 8) == 0;
}

/* The label of BSD, in the second sector: its magic number twice. */
#define BSD_LABEL 512
#define BSD_MAGIC 0x82564557u
#define BSD_AGAIN 132

static bool has_bsd_label(const unsigned char *first)
{
    return le32(first + BSD_LABEL) == BSD_MAGIC
        && le32(first + BSD_LABEL + BSD_AGAIN) == BSD_MAGIC;
}

/* A driver descriptor, and behind it the first entry of Apple's map. */
static bool has_apple_map(const unsigned char *first)
{
    return memcmp(first, "ER", 2) == 0
        && (memcmp(first + 512, "PM\0\0", 4) == 0
            || memcmp(first + 2048, "PM\0\0", 4) == 0);
}

/* An optical disk whose first sectors are a table as well, so that it can be
 * put on a stick: its partition begins at sector 0. */
#define ISO_VOLUME 32768

static bool is_iso(const unsigned char *first, size_t n)
{
    return n >= ISO_VOLUME + 6
        && memcmp(first + ISO_VOLUME + 1, "CD001", 5) == 0;
}

enum entry { UNUSED, USED, NONSENSE };

static enum entry look(const unsigned char *entry, uint64_t sectors,
                       bool from_zero)
{
    uint32_t start = le32(entry + 8);
    uint32_t count = le32(entry + 12);

    if (entry[0] != 0 && entry[0] != 0x80)
        return NONSENSE;
    if (entry[4] == 0)
        return UNUSED;
    return (start > 0 || from_zero) && count > 0 && start < sectors
        ? USED : NONSENSE;
}

/* Boot sectors of file systems end in 55 AA as well, with code or text where
 * the table would be: all four entries must make sense. */
static bool has_mbr(const unsigned char *first, size_t n, uint64_t size)
{
    bool used = false;

    if (first[510] != 0x55 || first[511] != 0xaa)
        return false;
    for (int i = 0; i < MBR_ENTRIES; i++) {
        enum entry what = look(first + MBR_TABLE + i * MBR_ENTRY,
                               size / SECTOR, is_iso(first, n));

        if (what == NONSENSE)
            return false;
        used |= what == USED;
    }
    return used;
}

bool partition_table(const unsigned char *first, size_t n, uint64_t size)
{
    return n >= 8192
        && (has_gpt(first) || has_mbr(first, n, size) || has_bsd_label(first)
            || has_apple_map(first));
}
