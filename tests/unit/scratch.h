/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of its own for a unit test, and whole files in it. */
#ifndef EBSIMG_TESTS_SCRATCH_H
#define EBSIMG_TESTS_SCRATCH_H

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char scratch_folder[256];

__attribute__((unused)) static int scratch_setup(void **state)
{
    const char *tmp = getenv("TMPDIR");

    (void)state;
    snprintf(scratch_folder, sizeof(scratch_folder), "%.200s/ebsimg-XXXXXX",
             tmp ? tmp : "/tmp");
    return mkdtemp(scratch_folder) ? 0 : -1;
}

/* "FOLDER/NAME"; the next call but three uses its memory again. */
__attribute__((unused)) static const char *scratch_path(const char *name)
{
    static char paths[4][600];
    static unsigned turn;
    char *path = paths[turn++ % 4];

    snprintf(path, sizeof(paths[0]), "%s/%s", scratch_folder, name);
    return path;
}

__attribute__((unused)) static int scratch_teardown(void **state)
{
    DIR *dir = opendir(scratch_folder);
    struct dirent *entry;

    (void)state;
    while (dir && (entry = readdir(dir)))
        unlink(scratch_path(entry->d_name)); /* not "." and "..": fails */
    if (dir)
        closedir(dir);
    return rmdir(scratch_folder);
}

__attribute__((unused)) static void
scratch_write(const char *name, const void *data, size_t n)
{
    FILE *f = fopen(scratch_path(name), "w");

    assert(f && fwrite(data, 1, n, f) == n);
    assert(fclose(f) == 0);
}

/* The whole file and a NUL; the caller frees it. */
__attribute__((unused)) static char *scratch_read(const char *name,
                                                  size_t *n)
{
    FILE *f = fopen(scratch_path(name), "r");
    char *data;

    assert(f && fseek(f, 0, SEEK_END) == 0);
    *n = (size_t)ftell(f);
    rewind(f);
    data = malloc(*n + 1);
    assert(data && fread(data, 1, *n, f) == *n);
    data[*n] = '\0';
    fclose(f);
    return data;
}

#endif
