/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mount.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope.h"

struct mount {
    char type[64];
    char source[256];
};

/* -1: not known. */
static int mount_id(int fd)
{
    char path[48], line[128];
    autofclose FILE *f = NULL;
    int id = -1;

    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
    f = fopen(path, "re");
    while (f && id < 0 && fgets(line, sizeof(line), f))
        if (sscanf(line, "mnt_id: %d", &id) != 1)
            id = -1;
    return id;
}

/* "ID PARENT DEV ROOT POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS" */
static bool find(int id, struct mount *m)
{
    autofclose FILE *f = fopen("/proc/self/mountinfo", "re");
    autofree char *line = NULL;
    size_t room = 0;

    while (f && getline(&line, &room, f) > 0) {
        const char *rest = strstr(line, " - ");

        if (atoi(line) == id && rest
            && sscanf(rest, " - %63s %255s", m->type, m->source) == 2)
            return true;
    }
    return false;
}

/* The name of its maker, at byte 3 of a boot sector.  What is no disk or
 * image of one is not opened: a pipe would wait. */
static const char *boot_name(const char *source)
{
    static const struct { const char *mark, *name; } marks[] = {
        { "EXFAT   ", "exfat" }, { "NTFS    ", "ntfs" },
        { "MSDOS5.0", "fat" },   { "mkfs.fat", "fat" },
    };
    struct stat st;
    char sector[16];
    autoclose int fd = -1;

    if (stat(source, &st) < 0
        || !(S_ISBLK(st.st_mode) || S_ISREG(st.st_mode)))
        return NULL;
    fd = open(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0 || pread(fd, sector, sizeof(sector), 0) != sizeof(sector))
        return NULL;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (memcmp(sector + 3, marks[i].mark, 8) == 0)
            return marks[i].name;
    return NULL;
}

static bool says_nothing(const char *type)
{
    return strcmp(type, "fuse") == 0 || strcmp(type, "fuseblk") == 0;
}

void mount_type(int fd, char *out, size_t n)
{
    int id = mount_id(fd);
    struct mount m;
    const char *inside;

    out[0] = '\0';
    if (id < 0 || !find(id, &m))
        return;
    inside = says_nothing(m.type) ? boot_name(m.source) : NULL;
    snprintf(out, n, inside ? "%s (%s)" : "%s", inside ? "fuse" : m.type,
             inside);
}
