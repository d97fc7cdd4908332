/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a volume a disk: a table or label of its partitions.  The boot
 * sector of a file system is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/medium.h"
#include "image/partition.h"

#define SIZE ((uint64_t)1 << 30)

static unsigned char block[131072 + 8192];

static int begin(void **state)
{
    (void)state;
    memset(block, 0, sizeof(block));
    return 0;
}

static bool is_disk(void)
{
    return partition_table(block, sizeof(block), SIZE);
}

static void mbr(unsigned char type, unsigned char start)
{
    block[510] = 0x55;
    block[511] = 0xaa;
    block[446 + 4] = type;
    block[446 + 8] = start;
    block[446 + 12] = 100;
}

static void tables_of_pcs_are_disks(void **state)
{
    (void)state;
    assert_false(is_disk());
    mbr(0x83, 8);
    assert_true(is_disk());
    begin(NULL);
    memcpy(block + 512, "EFI PART", 8);
    assert_true(is_disk());
}

static void a_boot_sector_is_no_table(void **state)
{
    (void)state;
    mbr(0x83, 0);
    assert_false(is_disk());
    mbr(0x83, 8);
    memcpy(block + 446 + 16, "not an entry", 12);
    assert_false(is_disk());
}

/* As isohybrid writes it: type 17, from sector 0 on. */
static void an_optical_disk_for_sticks_is_a_disk(void **state)
{
    (void)state;
    mbr(0x17, 0);
    assert_false(is_disk());
    memcpy(block + 32768 + 1, "CD001", 5);
    assert_true(is_disk());
    block[510] = 0; /* without the table it is a volume */
    assert_false(is_disk());
}

static void a_label_of_bsd_is_a_disk(void **state)
{
    static const unsigned char magic[] = { 0x57, 0x45, 0x56, 0x82 };

    (void)state;
    memcpy(block + 512, magic, 4);
    assert_false(is_disk());
    memcpy(block + 512 + 132, magic, 4);
    assert_true(is_disk());
}

static void a_map_of_apple_is_a_disk(void **state)
{
    (void)state;
    memcpy(block, "ER", 2);
    assert_false(is_disk());
    memcpy(block + 512, "PM", 2);
    assert_true(is_disk());
}

static void less_than_its_beginning_is_nothing(void **state)
{
    (void)state;
    mbr(0x83, 8);
    assert_false(partition_table(block, 4096, SIZE));
    assert_true(partition_table(block, 8192, SIZE));
}

/* ------------------------------------------------- disk, volume, neither */

static enum medium kind(void)
{
    return medium_first(block, sizeof(block), SIZE);
}

static void a_file_system_without_a_table_is_a_volume(void **state)
{
    static const struct { const char *name; size_t at; const char *magic; }
    rows[] = {
        { "XFS", 0, "XFSB" },           { "NTFS", 3, "NTFS    " },
        { "exFAT", 3, "EXFAT   " },     { "FAT", 82, "FAT32   " },
        { "FAT", 54, "FAT16   " },      { "ext2/3/4", 1080, "\x53\xef" },
        { "Btrfs", 65600, "_BHRfS_M" }, { "APFS", 32, "NXSB" },
        { "ISO 9660", 32769, "CD001" }, { "HFS+", 1024, "H+" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin(NULL);
        memcpy(block + rows[i].at, rows[i].magic, strlen(rows[i].magic));
        if (strcmp(rows[i].name, "HFS+") == 0)
            block[1027] = 4;
        assert_int_equal(kind(), MEDIUM_VOLUME);
        assert_string_equal(medium_file_system(block, sizeof(block)),
                            rows[i].name);
        block[rows[i].at] ^= 1;
        assert_int_equal(kind(), MEDIUM_NEITHER);
        block[rows[i].at] ^= 1;
        memcpy(block + 512, "EFI PART", 8);
        assert_int_equal(kind(), MEDIUM_DISK);
    }
}

/* They hold volumes or secrets, and say nothing of files. */
static void what_holds_others_is_neither(void **state)
{
    (void)state;
    assert_int_equal(kind(), MEDIUM_NEITHER);
    memcpy(block, "LUKS\xba\xbe", 6);
    assert_int_equal(kind(), MEDIUM_NEITHER);
    begin(NULL);
    memcpy(block + 512, "LABELONE", 8);
    assert_int_equal(kind(), MEDIUM_NEITHER);
}

static void what_is_cut_off_is_not_looked_for(void **state)
{
    (void)state;
    memcpy(block + 65600, "_BHRfS_M", 8);
    assert_int_equal(medium_first(block, 65607, SIZE), MEDIUM_NEITHER);
    assert_int_equal(medium_first(block, 65608, SIZE), MEDIUM_VOLUME);
    memcpy(block, "XFSB", 4);
    assert_null(medium_file_system(block, 4096));
}

/* Its header, in that sector of the block, naming sector `own'. */
static void gpt(size_t sector, uint64_t own)
{
    unsigned char *h = block + sector * 512;

    begin(NULL);
    memcpy(h, "EFI PART", 8);
    for (int i = 0; i < 8; i++)
        h[24 + i] = (unsigned char)(own >> 8 * i);
}

static void the_copy_of_a_gpt_names_its_own_place(void **state)
{
    const uint64_t at = (uint64_t)1 << 40; /* of the block in the volume */
    const struct { size_t sector; uint64_t own; bool good; } rows[] = {
        { 255, at / 512 + 255, true },  /* the last sector of 512 bytes */
        { 248, at / 4096 + 31, true },  /* the last of 4096 */
        { 3, at / 512 + 3, true },      /* of a volume that has grown */
        { 255, at / 512 + 254, false },
        { 249, at / 4096 + 31, false }, /* not where such a sector begins */
        { 255, 255, false },            /* of another disk, in a file */
        { 255, 0, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        gpt(rows[i].sector, rows[i].own);
        assert_true(medium_has_gpt(block, 131072, at) == rows[i].good);
    }
    gpt(255, at / 512 + 255);
    assert_false(medium_has_gpt(block, 131071, at)); /* half a sector */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tables_of_pcs_are_disks, begin),
        cmocka_unit_test_setup(a_boot_sector_is_no_table, begin),
        cmocka_unit_test_setup(an_optical_disk_for_sticks_is_a_disk, begin),
        cmocka_unit_test_setup(a_label_of_bsd_is_a_disk, begin),
        cmocka_unit_test_setup(a_map_of_apple_is_a_disk, begin),
        cmocka_unit_test_setup(less_than_its_beginning_is_nothing, begin),
        cmocka_unit_test_setup(a_file_system_without_a_table_is_a_volume,
                               begin),
        cmocka_unit_test_setup(what_holds_others_is_neither, begin),
        cmocka_unit_test_setup(what_is_cut_off_is_not_looked_for, begin),
        cmocka_unit_test_setup(the_copy_of_a_gpt_names_its_own_place, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
