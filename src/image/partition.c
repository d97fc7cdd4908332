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

enum entry { UNUSED, USED, NONSENSE };

static enum entry look(const unsigned char *entry, uint64_t sectors)
{
    uint32_t start = le32(entry + 8);
    uint32_t count = le32(entry + 12);

    if (entry[0] != 0 && entry[0] != 0x80)
        return NONSENSE;
    if (entry[4] == 0)
        return UNUSED;
    return start > 0 && count > 0 && start < sectors ? USED : NONSENSE;
}

/* Boot sectors of file systems end in 55 AA as well, with code or text where
 * the table would be: all four entries must make sense. */
static bool has_mbr(const unsigned char *first, uint64_t size)
{
    bool used = false;

    if (first[510] != 0x55 || first[511] != 0xaa)
        return false;
    for (int i = 0; i < MBR_ENTRIES; i++) {
        enum entry what = look(first + MBR_TABLE + i * MBR_ENTRY,
                               size / SECTOR);

        if (what == NONSENSE)
            return false;
        used |= what == USED;
    }
    return used;
}

bool partition_table(const unsigned char *first, size_t n, uint64_t size)
{
    return n >= 8192 && (has_gpt(first) || has_mbr(first, size));
}
