#include "image/ewf_handle.h"

/* One is read at a time; the others are for going back and forth. */
#define OPEN_MAX_FILES 8

int ewf_handle_new(libewf_handle_t **handle, libewf_error_t **error)
{
    *handle = NULL;
    if (libewf_handle_initialize(handle, error) != 1)
        return -1;
    if (libewf_handle_set_maximum_number_of_open_handles(
            *handle, OPEN_MAX_FILES, error) == 1)
        return 1;
    libewf_handle_free(handle, NULL);
    *handle = NULL;
    return -1;
}
