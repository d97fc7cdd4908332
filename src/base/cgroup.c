/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cgroup.h"

#include <stdbool.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"

#define SMALL (64 * KIB)

/* Where the files of a controller are, below the mount point; "" is that of
 * version 2, which is in a folder of its own where both are in use. */
static const struct {
    const char *controller, *folder;
} places[] = {
    { "", "" },
    { "", "/unified" },
    { "cpu", "/cpu" },
    { "cpu", "/cpu,cpuacct" },
    { "memory", "/memory" },
};

/* ------------------------------------------------------- one group's files */

/* Its first line, without the end; false when there is none. */
static bool read_line(const char *folder, const char *name, struct text *out)
{
    autotext struct text path = TEXT_INIT;
    struct err ignored = ERR_INIT;

    text_addf(&path, "%s/%s", folder, name);
    if (path.failed || file_slurp(path.s, SMALL, out, &ignored) < 0)
        return false;
    out->s[strcspn(out->s, "\n")] = '\0';
    return true;
}

static void limit_processors(struct cgroup_limits *l, uint64_t quota,
                             uint64_t period)
{
    uint64_t n;

    if (!period)
        return;
    n = quota / period + (quota % period != 0);
    if (n < l->processors)
        l->processors = n ? (unsigned)n : 1;
}

/* "QUOTA PERIOD" in microseconds, or "max PERIOD". */
static void take_cpu_max(struct cgroup_limits *l, const char *folder)
{
    autotext struct text line = TEXT_INIT;
    uint64_t quota, period;
    char *space;

    if (!read_line(folder, "cpu.max", &line)
        || !(space = strchr(line.s, ' ')))
        return;
    *space = '\0';
    if (number_parse(line.s, &quota) == 0
        && number_parse(space + 1, &period) == 0)
        limit_processors(l, quota, period);
}

/* -1 is no limit, and no number here. */
static bool read_number(const char *folder, const char *name, uint64_t *out)
{
    autotext struct text line = TEXT_INIT;

    return read_line(folder, name, &line) && number_parse(line.s, out) == 0;
}

static void take_folder(struct cgroup_limits *l, const char *folder)
{
    static const char *const memory[] = { "memory.max", "memory.high",
                                          "memory.limit_in_bytes" };
    uint64_t quota, period, bytes;

    take_cpu_max(l, folder);
    if (read_number(folder, "cpu.cfs_quota_us", &quota)
        && read_number(folder, "cpu.cfs_period_us", &period))
        limit_processors(l, quota, period);
    for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
        if (read_number(folder, memory[i], &bytes) && bytes < l->memory)
            l->memory = bytes;
}

/* -------------------------------------------------------------- all groups */

/* This group and those around it.  The path is that of the host where the
 * container has no namespace of its own: then only the last one is there. */
static void take_up(struct cgroup_limits *l, const char *top,
                    const char *group)
{
    autotext struct text folder = TEXT_INIT;
    size_t least = strlen(top);

    text_addf(&folder, "%s%s", top, group);
    if (folder.failed)
        return;
    for (;;) {
        char *slash = strrchr(folder.s + least, '/');

        take_folder(l, folder.s);
        if (!slash)
            return;
        *slash = '\0';
    }
}

/* Is it among the names, which commas separate? */
static bool names(const char *list, const char *name)
{
    size_t n = strlen(name);

    if (!*list || !*name)
        return !*list && !*name;
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, name, n) == 0 && (at[n] == ',' || !at[n]))
            return true;
    }
    return false;
}

/* "NUMBER:CONTROLLERS:GROUP" */
static void take_line(struct cgroup_limits *l, char *line, const char *mount)
{
    char *controllers = strchr(line, ':');
    char *group = controllers ? strchr(controllers + 1, ':') : NULL;

    if (!group)
        return;
    *controllers++ = '\0';
    *group++ = '\0';
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        autotext struct text top = TEXT_INIT;

        text_addf(&top, "%s%s", mount, places[i].folder);
        if (!top.failed && names(controllers, places[i].controller))
            take_up(l, top.s, group);
    }
}

struct cgroup_limits cgroup_limits(const char *list, const char *mount)
{
    struct cgroup_limits l = { UINT_MAX, UINT64_MAX };
    autotext struct text lines = TEXT_INIT;
    struct err ignored = ERR_INIT;
    char *rest, *line;

    if (file_slurp(list, SMALL, &lines, &ignored) < 0)
        return l;
    for (line = strtok_r(lines.s, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest))
        take_line(&l, line, mount);
    return l;
}
