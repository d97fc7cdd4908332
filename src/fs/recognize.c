/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/recognize.h"

#include <string.h>

#include "fs/bytes.h"
#include "fs/xfs.h"
#ifdef HAVE_TSK
# include "fs/tsk.h"
# define BY_TSK(driver) &tsk_##driver, NULL
#else
# define BY_TSK(driver) NULL, "this build has no libtsk"
#endif

static const struct fs_kind kinds[] = {
    { "LUKS", NULL, "it is encrypted" },
    { "BitLocker", NULL, "it is encrypted" },
    { "LVM2", NULL, "it lies in a logical volume" },
    { "Linux RAID", NULL, "not read by this build" },
    { "ext", BY_TSK(ext) },
    { "XFS", &xfs_driver, NULL },
    { "NTFS", BY_TSK(ntfs) },
    { "exFAT", BY_TSK(exfat) },
    { "FAT", BY_TSK(fat) },
    { "HFS+", BY_TSK(hfs) },
    { "btrfs", NULL, "not read by this build" },
    { "ZFS", NULL, "not read by this build" },
    { "ReFS", NULL, "not read by this build" },
    { "F2FS", NULL, "not read by this build" },
    { "APFS", NULL, "not read by this build" },
    { "EROFS", NULL, "not read by this build" },
    { "squashfs", NULL, "not read by this build" },
    { "ISO 9660", NULL, "not read by this build" },
    { "swap", NULL, "it holds no files" },
};

struct mark {
    const char *kind;
    uint64_t offset;
    const char *bytes;
    size_t n;
};

#define MARK(kind, offset, bytes) { kind, offset, bytes, sizeof(bytes) - 1 }

static const struct mark marks[] = {
    MARK("LUKS", 0, "LUKS\xba\xbe"),
    MARK("BitLocker", 3, "-FVE-FS-"),
    MARK("LVM2", 0 * 512 + 24, "LVM2 001"),
    MARK("LVM2", 1 * 512 + 24, "LVM2 001"),
    MARK("LVM2", 2 * 512 + 24, "LVM2 001"),
    MARK("LVM2", 3 * 512 + 24, "LVM2 001"),
    MARK("Linux RAID", 0, "\xfc\x4e\x2b\xa9\x01\0\0\0"),
    MARK("Linux RAID", 4096, "\xfc\x4e\x2b\xa9\x01\0\0\0"),
    MARK("ext", 1024 + 56, "\x53\xef"),
    MARK("XFS", 0, "XFSB"),
    MARK("NTFS", 3, "NTFS    "),
    MARK("exFAT", 3, "EXFAT   "),
    MARK("FAT", 0x36, "FAT12   "),
    MARK("FAT", 0x36, "FAT16   "),
    MARK("FAT", 0x36, "FAT     "),
    MARK("FAT", 0x52, "FAT32   "),
    MARK("HFS+", 1024, "H+\0\x04"),
    MARK("HFS+", 1024, "HX\0\x05"),
    MARK("btrfs", 0x10040, "_BHRfS_M"),
    MARK("ReFS", 3, "ReFS\0\0\0\0"),
    MARK("F2FS", 1024, "\x10\x20\xf5\xf2"),
    MARK("APFS", 32, "NXSB"),
    MARK("EROFS", 1024, "\xe2\xe1\xf5\xe0"),
    MARK("squashfs", 0, "hsqs"),
    MARK("ISO 9660", 32769, "CD001"),
    MARK("swap", 4086, "SWAPSPACE2"),
    MARK("swap", 65526, "SWAPSPACE2"),
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Of the beginning so much is looked at; ZFS has its mark behind it. */
#define LOOKED_AT 69632u
#define ZFS_RING 131072u
#define ZFS_UBERBLOCK 0x00bab10cu

/* The last of 128 uberblocks is anywhere in the ring of the first label; of
 * either byte order. */
static int has_zfs(const struct fs_source *s, struct err *e)
{
    unsigned char b[8192];

    if (s->size < ZFS_RING + sizeof(b))
        return 0;
    if (fs_source_read(s, ZFS_RING, b, sizeof(b), e) < 0)
        return -1;
    for (size_t at = 0; at < sizeof(b); at += 1024)
        if (le64_at(b + at) == ZFS_UBERBLOCK
            || le64_at(b + at) == (uint64_t)__builtin_bswap32(ZFS_UBERBLOCK)
                << 32)
            return 1;
    return 0;
}

static bool has(const char *name, const unsigned char *b, size_t n)
{
    for (size_t i = 0; i < COUNT(marks); i++)
        if (strcmp(marks[i].kind, name) == 0
            && marks[i].offset + marks[i].n <= n
            && memcmp(b + marks[i].offset, marks[i].bytes, marks[i].n) == 0)
            return true;
    return false;
}

int fs_recognize(const struct fs_source *s,
                 const struct fs_kind *out[FS_KINDS_MAX], struct err *e)
{
    static unsigned char b[LOOKED_AT];
    size_t n = s->size < sizeof(b) ? (size_t)s->size : sizeof(b);
    unsigned found = 0;
    int zfs;

    if (fs_source_read(s, 0, b, n, e) < 0 || (zfs = has_zfs(s, e)) < 0)
        return -1;
    for (size_t i = 0; i < COUNT(kinds) && found < FS_KINDS_MAX; i++)
        if (has(kinds[i].name, b, n)
            || (zfs && strcmp(kinds[i].name, "ZFS") == 0))
            out[found++] = &kinds[i];
    return (int)found;
}
