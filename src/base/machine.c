/* SPDX-License-Identifier: Apache-2.0 */
#include "base/machine.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "base/cgroup.h"

static struct cgroup_limits limits;

static void read_limits(void)
{
    limits = cgroup_limits("/proc/self/cgroup", "/sys/fs/cgroup");
}

/* Once: whoever changes them later has to start again. */
static const struct cgroup_limits *groups(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, read_limits);
    return &limits;
}

unsigned machine_processors(void)
{
    unsigned most = groups()->processors;
    cpu_set_t set;
    unsigned n;

    if (sched_getaffinity(0, sizeof(set), &set) == 0)
        n = (unsigned)CPU_COUNT(&set);
    else /* there are more than a set holds */
        n = CPU_SETSIZE;
    return n < most ? n : most;
}

uint64_t machine_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    uint64_t most = groups()->memory;
    uint64_t all;

    if (pages <= 0 || page <= 0)
        return most;
    all = (uint64_t)pages * (uint64_t)page;
    return all < most ? all : most;
}
