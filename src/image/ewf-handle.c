/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-handle.h"

#include <errno.h>
#include <stdlib.h>

#include "base/folder.h"
#include "image/ewf-error.h"
#include "image/ewf.h"

/* Up to so many segments are left to libewf's usual way.  Above, one file is
 * open at a time: with two or more libewf keeps a list of which was used last,
 * and fails ("invalid element to remove") when one comes to its front again.
 * Segments are read one after the other, so that it costs an open() each. */
#define SEGMENTS_MANY 100
#define OPEN_FILES 1

static int limit_files(libewf_handle_t *handle, int segments,
                       libewf_error_t **error)
{
    if (segments <= SEGMENTS_MANY)
        return 1;
    return libewf_handle_set_maximum_number_of_open_handles(
        handle, OPEN_FILES, error);
}

int ewf_handle_new(libewf_handle_t **handle, int segments,
                   libewf_error_t **error)
{
    *handle = NULL;
    if (libewf_handle_initialize(handle, error) != 1)
        return -1;
    if (limit_files(*handle, segments, error) == 1)
        return 1;
    libewf_handle_free(handle, NULL);
    *handle = NULL;
    return -1;
}

static char **ways_to(char *const *paths, int n, struct err *e)
{
    char **ways = calloc((size_t)n + 1, sizeof(*ways));

    if (!ways)
        err_nomem(e);
    for (int i = 0; ways && i < n; i++)
        if (!(ways[i] = folder_library_path(paths[i], e))) {
            ewf_paths_free(ways);
            return NULL;
        }
    return ways;
}

int ewf_handle_open(libewf_handle_t *handle, char *const *paths, int n,
                    int flags, enum err_kind kind, const char *what,
                    struct err *e)
{
    char **ways = ways_to(paths, n, e);
    libewf_error_t *error = NULL;
    int r;

    if (!ways)
        return -1;
    errno = 0;
    r = libewf_handle_open(handle, ways, n, flags, &error);
    /* Of a file to read it goes on without what it had no room for. */
    if (r != 1 || errno == ENOMEM)
        r = ewf_fail(e, kind, &error, what, paths[0]);
    ewf_paths_free(ways);
    return r;
}
