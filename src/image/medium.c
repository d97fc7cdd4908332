/* SPDX-License-Identifier: Apache-2.0 */
#include "image/medium.h"

#include <string.h>

#include "image/partition.h"

#define FIRST 8192         /* less is no beginning, as for partition_table() */
#define SECTOR 512u
#define WIDE_SECTOR 4096u
#define GPT_OWN_PLACE 24   /* of its header: the sector where it stands */

/* The longest and most telling first: where one name stands for several, the
 * superblock is the same. */
static const struct magic {
    const char *name;
    size_t at, n;
    const char *bytes;
} magics[] = {
    { "XFS",          0,     4, "XFSB" },
    { "NTFS",         3,     8, "NTFS    " },
    { "exFAT",        3,     8, "EXFAT   " },
    { "ReFS",         3,     4, "ReFS" },
    { "FAT",          82,    5, "FAT32" },
    { "FAT",          54,    5, "FAT12" },
    { "FAT",          54,    5, "FAT16" },
    { "ext2/3/4",     1080,  2, "\x53\xef" },
    { "Btrfs",        65600, 8, "_BHRfS_M" },
    { "F2FS",         1024,  4, "\x10\x20\xf5\xf2" },
    { "HFS+",         1024,  4, "H+\0\4" },
    { "HFS+",         1024,  4, "HX\0\5" },
    { "APFS",         32,    4, "NXSB" },
    { "JFS",          32768, 4, "JFS1" },
    { "ReiserFS",     65588, 8, "ReIsEr2F" },
    { "ReiserFS",     65588, 8, "ReIsEr3F" },
    { "ReiserFS",     65588, 8, "ReIsErFs" },
    { "UFS",          9564,  4, "\x54\x19\x01\x00" },
    { "UFS",          66908, 4, "\x19\x01\x54\x19" },
    { "ZFS",          131072, 8, "\x0c\xb1\xba\0\0\0\0\0" },
    { "SquashFS",     0,     4, "hsqs" },
    { "EROFS",        1024,  4, "\xe2\xe1\xf5\xe0" },
    { "ISO 9660",     32769, 5, "CD001" },
    { "UDF",          32769, 5, "BEA01" },
};

const char *medium_file_system(const unsigned char *first, size_t n)
{
    if (n < FIRST)
        return NULL;
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        const struct magic *m = &magics[i];

        if (m->at + m->n <= n && memcmp(first + m->at, m->bytes, m->n) == 0)
            return m->name;
    }
    return NULL;
}

enum medium medium_first(const unsigned char *first, size_t n, uint64_t size)
{
    if (partition_table(first, n, size))
        return MEDIUM_DISK;
    return medium_file_system(first, n) ? MEDIUM_VOLUME : MEDIUM_NEITHER;
}

static uint64_t le64(const unsigned char *p)
{
    uint64_t n = 0;

    for (int i = 7; i >= 0; i--)
        n = n << 8 | p[i];
    return n;
}

/* Whatever a sector's size is: its number times that is the place. */
static bool is_gpt(const unsigned char *header, uint64_t place)
{
    uint64_t own = le64(header + GPT_OWN_PLACE);

    return memcmp(header, "EFI PART", 8) == 0 && own > 0
        && (own == place / SECTOR
            || (place % WIDE_SECTOR == 0 && own == place / WIDE_SECTOR));
}

bool medium_has_gpt(const unsigned char *block, size_t n, uint64_t offset)
{
    for (size_t at = 0; at + SECTOR <= n; at += SECTOR)
        if (is_gpt(block + at, offset + at))
            return true;
    return false;
}
