/* SPDX-License-Identifier: Apache-2.0 */
/* What makes a volume a disk: a table or label of its partitions.  The boot
 * sector of a file system is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/partition.h"

#define SIZE ((uint64_t)1 << 30)

static unsigned char block[65536];

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tables_of_pcs_are_disks, begin),
        cmocka_unit_test_setup(a_boot_sector_is_no_table, begin),
        cmocka_unit_test_setup(an_optical_disk_for_sticks_is_a_disk, begin),
        cmocka_unit_test_setup(a_label_of_bsd_is_a_disk, begin),
        cmocka_unit_test_setup(a_map_of_apple_is_a_disk, begin),
        cmocka_unit_test_setup(less_than_its_beginning_is_nothing, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
