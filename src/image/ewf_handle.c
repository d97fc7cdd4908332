#include "image/ewf_handle.h"

/* Not two or more: then libewf keeps a list of which was used last, and fails
 * ("invalid element to remove") when one comes to its front again, as it does
 * in every set of that few segments. */
#define OPEN_MAX_FILES 1

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
