/* SPDX-License-Identifier: Apache-2.0 */
/* What control groups leave a process of the machine, whatever lies there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/stat.h>

#include "base/cgroup.h"
#include "base/number.h"
#include "scratch.h"

/* Folders, and files with what they say; ends with NULL. */
struct entry {
    const char *path, *says;
};

static void make(const struct entry *all)
{
    for (; all->path; all++)
        if (all->says)
            scratch_write(all->path, all->says, strlen(all->says));
        else
            assert_int_equal(mkdir(scratch_path(all->path), 0700), 0);
}

static void take_away(const struct entry *all)
{
    const struct entry *last = all;

    while (last->path)
        last++;
    while (last-- > all)
        remove(scratch_path(last->path));
}

static void expect(const struct entry *all, unsigned processors,
                   uint64_t memory)
{
    struct cgroup_limits l;

    make(all);
    l = cgroup_limits(scratch_path("list"), scratch_path(""));
    take_away(all);
    assert_int_equal(l.processors, processors);
    assert_true(l.memory == memory);
}

static void without_groups_there_is_no_limit(void **state)
{
    const struct entry none[] = { { NULL, NULL } };
    const struct entry empty[] = { { "list", "" }, { NULL, NULL } };
    const struct entry free[] = {
        { "list", "0::/\n" }, { "cpu.max", "max 100000\n" },
        { "memory.max", "max\n" }, { NULL, NULL },
    };

    (void)state;
    expect(none, UINT_MAX, UINT64_MAX);
    expect(empty, UINT_MAX, UINT64_MAX);
    expect(free, UINT_MAX, UINT64_MAX);
}

static void a_part_of_a_processor_is_one(void **state)
{
    static const struct {
        const char *says;
        unsigned processors;
    } rows[] = {
        { "200000 100000\n", 2 }, { "200001 100000\n", 3 },
        { "50000 100000\n", 1 }, { "0 100000\n", 1 },
        { "18446744073709551615 1\n", UINT_MAX },
        { "18446744073709551615 3\n", UINT_MAX },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        expect((struct entry[]){ { "list", "0::/\n" },
                                 { "cpu.max", rows[i].says },
                                 { NULL, NULL } },
               rows[i].processors, UINT64_MAX);
}

/* A pod in its slice: each may say something. */
static void the_least_of_all_around_counts(void **state)
{
    const struct entry pod[] = {
        { "list", "0::/slice/pod\n" },
        { "memory.max", "8589934592\n" },
        { "slice", NULL },
        { "slice/cpu.max", "300000 100000\n" },
        { "slice/memory.max", "1610612736\n" },
        { "slice/memory.high", "1073741824\n" },
        { "slice/pod", NULL },
        { "slice/pod/cpu.max", "800000 100000\n" },
        { "slice/pod/memory.max", "2147483648\n" },
        { NULL, NULL },
    };

    (void)state;
    expect(pod, 3, GIB);
}

static void the_older_version_has_a_folder_for_each_controller(void **state)
{
    const struct entry old[] = {
        { "list", "5:cpuset:/\n4:memory:/job\n"
                  "3:cpu,cpuacct:/job\n1:name=systemd:/\n0::/job\n" },
        { "cpu", NULL }, { "cpu/job", NULL },
        { "cpu/cpu.cfs_quota_us", "-1\n" },
        { "cpu/cpu.cfs_period_us", "100000\n" },
        { "cpu/job/cpu.cfs_quota_us", "150000\n" },
        { "cpu/job/cpu.cfs_period_us", "50000\n" },
        { "memory", NULL }, { "memory/job", NULL },
        { "memory/memory.limit_in_bytes", "9223372036854771712\n" },
        { "memory/job/memory.limit_in_bytes", "536870912\n" },
        { NULL, NULL },
    };

    (void)state;
    expect(old, 3, 512 * MIB);
}

static void a_hierarchy_may_have_the_names_of_all_it_does(void **state)
{
    const struct entry joined[] = {
        { "list", "3:cpu,cpuacct:/job\n" },
        { "cpu,cpuacct", NULL },
        { "cpu,cpuacct/cpu.cfs_quota_us", "100000\n" },
        { "cpu,cpuacct/cpu.cfs_period_us", "100000\n" },
        { NULL, NULL },
    };

    (void)state;
    expect(joined, 1, UINT64_MAX);
}

/* Without a namespace of its own a container reads the host's path, of which
 * only the last folder is there, as the top. */
static void a_path_of_the_host_leads_to_the_top(void **state)
{
    const struct entry docker[] = {
        { "list", "0::/docker/0123456789abcdef\n" },
        { "cpu.max", "100000 100000\n" },
        { "memory.max", "268435456\n" },
        { NULL, NULL },
    };

    (void)state;
    expect(docker, 1, 256 * MIB);
}

/* systemd's own hierarchy, and others, are not asked. */
static void other_controllers_are_not_asked(void **state)
{
    const struct entry others[] = {
        { "list", "2:cpuset:/\n1:name=cpu:/\n" },
        { "cpu", NULL },
        { "cpu/cpu.cfs_quota_us", "100000\n" },
        { "cpu/cpu.cfs_period_us", "100000\n" },
        { NULL, NULL },
    };

    (void)state;
    expect(others, UINT_MAX, UINT64_MAX);
}

static void nonsense_limits_nothing(void **state)
{
    static const char *const nonsense[] = {
        "", "\n", ":", "::", "0::", "0:", "0::relative\n", "0::/../../..\n",
        "0:://///\n",
    };
    static const char *const values[] = {
        "", "\n", " ", "1", "1 0", "-1 100000", "1 2 3", "x y",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++)
        expect((struct entry[]){ { "list", nonsense[i] }, { NULL, NULL } },
               UINT_MAX, UINT64_MAX);
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        expect((struct entry[]){ { "list", "0::/\n" },
                                 { "cpu.max", values[i] },
                                 { "memory.max", "x\n" },
                                 { NULL, NULL } },
               UINT_MAX, UINT64_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, \
                                                   scratch_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_groups_there_is_no_limit),
        TEST(a_part_of_a_processor_is_one),
        TEST(the_least_of_all_around_counts),
        TEST(the_older_version_has_a_folder_for_each_controller),
        TEST(a_hierarchy_may_have_the_names_of_all_it_does),
        TEST(a_path_of_the_host_leads_to_the_top),
        TEST(other_controllers_are_not_asked),
        TEST(nonsense_limits_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
