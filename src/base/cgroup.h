/* SPDX-License-Identifier: Apache-2.0 */
/* What the control groups of a process leave it of the machine.  A container
 * sees all processors and all memory of its host, and may use less. */
#ifndef EBSIMG_BASE_CGROUP_H
#define EBSIMG_BASE_CGROUP_H

#include <limits.h>
#include <stdint.h>

struct cgroup_limits {
    unsigned processors; /* rounded up; UINT_MAX: no limit */
    uint64_t memory;     /* bytes; UINT64_MAX, or more than any machine has:
                          * no limit */
};

/* The least of what its groups and those around them say, of either version
 * of control groups.  `list' is /proc/self/cgroup, and `mount' is
 * /sys/fs/cgroup, but in a test.  What cannot be read limits nothing. */
struct cgroup_limits cgroup_limits(const char *list, const char *mount);

#endif
