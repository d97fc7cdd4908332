/* SPDX-License-Identifier: Apache-2.0 */
/* Partition tables as they are, and as nobody should believe them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/number.h"
#include "image/partition-list.h"

#define DISK (1 * MIB)
#define LINUX "\xaf\x3d\xc6\x0f\x83\x84\x72\x47\x8e\x79\x3d\x69\xd8\x47\x7d\xe4"

static unsigned char disk[DISK];
static unsigned reads;
static struct partition_list l;

static int read_bytes(void *ctx, uint64_t offset, void *to, size_t n,
                      struct err *e)
{
    (void)ctx;
    (void)e;
    assert_true(offset <= DISK && n <= DISK - offset);
    memcpy(to, disk + offset, n);
    reads++;
    return 0;
}

static void look(void)
{
    struct err e = ERR_INIT;

    reads = 0;
    assert_int_equal(partition_list_read(&l, DISK, read_bytes, NULL, &e), 0);
}

static void put(size_t at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        disk[at + (size_t)i] = (unsigned char)(value >> (8 * i));
}

/* ---- MBR */

static void mbr(size_t sector, int entry, int type, uint32_t start,
                uint32_t count)
{
    size_t at = sector * 512 + 446 + (size_t)entry * 16;

    disk[at + 4] = (unsigned char)type;
    put(at + 8, start, 4);
    put(at + 12, count, 4);
    put(sector * 512 + 510, 0xaa55, 2);
}

static void test_disk_without_a_table(void **state)
{
    (void)state;
    memset(disk, 0, DISK);
    look();
    assert_string_equal(l.table, "");
    assert_int_equal(l.count, 0);
}

static void test_chain_of_logical_partitions(void **state)
{
    (void)state;
    memset(disk, 0, DISK);
    mbr(0, 0, 0x83, 8, 100);
    mbr(0, 1, 0x05, 200, 1000);
    mbr(200, 0, 0x82, 8, 50);
    mbr(200, 1, 0x05, 300, 100);
    mbr(500, 0, 0x07, 8, 60);
    look();
    assert_string_equal(l.table, "MBR");
    assert_string_equal(l.doubt, "");
    assert_int_equal(l.count, 4);
    assert_int_equal(l.list[2].number, 5);
    assert_int_equal(l.list[2].offset, 208 * 512);
    assert_int_equal(l.list[3].number, 6);
    assert_int_equal(l.list[3].offset, 508 * 512);
    assert_int_equal(l.list[3].length, 60 * 512);
    assert_string_equal(l.list[3].type, "NTFS, exFAT or HPFS (07)");
}

static void test_chain_that_bites_its_tail(void **state)
{
    (void)state;
    memset(disk, 0, DISK);
    mbr(0, 0, 0x05, 200, 1000);
    mbr(200, 0, 0x83, 8, 50);
    mbr(200, 1, 0x05, 300, 100);
    mbr(500, 0, 0x83, 8, 50);
    mbr(500, 1, 0x05, 300, 100);
    look();
    assert_true(reads < 300);
    assert_int_equal(l.count, PARTITIONS_MAX);
    assert_true(l.left_out > 0);
    assert_string_not_equal(l.doubt, "");
}

static void test_partition_that_ends_behind_the_disk(void **state)
{
    (void)state;
    memset(disk, 0, DISK);
    mbr(0, 0, 0x83, 2000, 0xffffffff);
    look();
    assert_int_equal(l.count, 1);
    assert_true(l.list[0].cut);
    assert_int_equal(l.list[0].length, DISK - 2000 * 512);
}

/* ---- GPT */

static void gpt_entry(unsigned i, uint64_t from, uint64_t to)
{
    size_t at = 1024 + i * 128;

    memcpy(disk + at, LINUX, 16);
    put(at + 32, from, 8);
    put(at + 40, to, 8);
    put(at + 56, 'd', 2);
    put(at + 58, 0xe9, 2);   /* two bytes of UTF-8 */
    put(at + 60, 0x20ac, 2); /* three */
    put(at + 62, 0xd800, 2); /* half a pair */
}

static void gpt_seal(uint32_t count)
{
    put(510, 0xaa55, 2);
    disk[446 + 4] = 0xee;
    put(446 + 8, 1, 4);
    put(446 + 12, 2047, 4);
    memcpy(disk + 512, "EFI PART", 8);
    put(512 + 12, 92, 4);
    put(512 + 72, 2, 8);
    put(512 + 80, count, 4);
    put(512 + 84, 128, 4);
    put(512 + 88, crc32(0, disk + 1024, count * 128), 4);
    put(512 + 16, 0, 4);
    put(512 + 16, crc32(0, disk + 512, 92), 4);
}

static void test_gpt_with_names(void **state)
{
    (void)state;
    memset(disk, 0, DISK);
    gpt_entry(0, 64, 127);
    gpt_entry(3, 128, 128);
    gpt_seal(8);
    look();
    assert_string_equal(l.table, "GPT");
    assert_string_equal(l.doubt, "");
    assert_int_equal(l.count, 2);
    assert_int_equal(l.list[0].offset, 64 * 512);
    assert_int_equal(l.list[0].length, 64 * 512);
    assert_string_equal(l.list[0].type, "Linux file system");
    assert_string_equal(l.list[0].name, "d\xc3\xa9\xe2\x82\xac\xef\xbf\xbd");
    assert_int_equal(l.list[1].number, 4);
    assert_int_equal(l.list[1].length, 512);
}

static void test_gpt_that_was_changed(void **state)
{
    (void)state;
    memset(disk, 0, DISK);
    gpt_entry(0, 64, 127);
    gpt_seal(8);
    disk[1024 + 40]++;
    look();
    assert_int_equal(l.count, 1);
    assert_non_null(strstr(l.doubt, "checksums are wrong"));
}

static void test_gpt_of_nonsense(void **state)
{
    (void)state;
    memset(disk, 0, DISK);
    gpt_entry(0, UINT64_MAX - 1, UINT64_MAX);
    gpt_entry(1, 127, 64);
    gpt_entry(2, 1ull << 55, 1ull << 60);
    gpt_entry(3, 5000, 6000);
    gpt_seal(8);
    look();
    assert_int_equal(l.count, 0);
    assert_int_equal(l.left_out, 4);
    put(512 + 72, UINT64_MAX / 256, 8);
    look();
    assert_int_equal(l.count, 0);
    assert_non_null(strstr(l.doubt, "makes no sense"));
    gpt_seal(8);
    put(512 + 80, UINT32_MAX, 4);
    look();
    assert_non_null(strstr(l.doubt, "makes no sense"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disk_without_a_table),
        cmocka_unit_test(test_chain_of_logical_partitions),
        cmocka_unit_test(test_chain_that_bites_its_tail),
        cmocka_unit_test(test_partition_that_ends_behind_the_disk),
        cmocka_unit_test(test_gpt_with_names),
        cmocka_unit_test(test_gpt_that_was_changed),
        cmocka_unit_test(test_gpt_of_nonsense),
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
