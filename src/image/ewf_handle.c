#include "image/ewf_handle.h"

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
