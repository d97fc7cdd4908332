/* SPDX-License-Identifier: Apache-2.0 */
/* libewf's handles as they are used here: with few files open at a time.
 * By default it keeps every segment open that it has seen, and an image of a
 * large volume has more of them than a process may have files open. */
#ifndef EBSIMG_IMAGE_EWF_HANDLE_H
#define EBSIMG_IMAGE_EWF_HANDLE_H

#include <libewf.h>

#include "base/err.h"

/* As libewf_handle_initialize(): 1, or an error that the caller frees.
 * `segments' is how many it will be opened with; when it writes a new image,
 * which needs one open file at a time anyhow, 1. */
int ewf_handle_new(libewf_handle_t **handle, int segments,
                   libewf_error_t **error);

/* libewf_handle_open() for the first `n' of these paths, each by the way that
 * folder_library_path() knows.  What fails is `kind', where it is libewf
 * that fails, and said as "cannot WHAT the first path". */
int ewf_handle_open(libewf_handle_t *handle, char *const *paths, int n,
                    int flags, enum err_kind kind, const char *what,
                    struct err *e);

#endif
