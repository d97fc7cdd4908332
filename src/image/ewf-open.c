/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-open.h"

#include <errno.h>

#include "image/ewf-claims.h"
#include "image/ewf-error.h"
#include "image/ewf-handle.h"
#include "image/ewf.h"

static int open_handle(struct ewf_open *o, struct err *e)
{
    libewf_error_t *error = NULL;
    int n = 0;

    while (o->paths[n])
        n++;
    errno = 0;
    if (ewf_handle_new(&o->handle, n, &error) != 1)
        return ewf_fail(e, ERR_VERIFY, &error, "read", o->paths[0]);
    if (ewf_handle_open(o->handle, o->paths, n, LIBEWF_OPEN_READ, ERR_VERIFY,
                        "read", e) == 1)
        return 0;
    libewf_handle_free(&o->handle, NULL);
    return -1;
}

static void close_handle(struct ewf_open *o)
{
    if (!o->handle)
        return;
    libewf_handle_close(o->handle, NULL);
    libewf_handle_free(&o->handle, NULL);
    o->handle = NULL;
}

/* libewf mends what it can and goes on, with a note. */
static int check_whole(const struct ewf_open *o, struct err *e)
{
    libewf_error_t *error = NULL;
    int r;

    if (o->partial)
        return 0;
    errno = 0;
    r = libewf_handle_segment_files_corrupted(o->handle, &error);
    if (r < 0)
        return ewf_fail(e, ERR_VERIFY, &error, "read", o->paths[0]);
    if (r > 0)
        return err_set(e, ERR_VERIFY, 0,
                       "%s: the E01 image is damaged or a part of it is "
                       "missing", o->paths[0]);
    return 0;
}

static int open_set(struct ewf_open *o, bool partial, const char *first,
                    struct err *e)
{
    o->handle = NULL;
    o->partial = partial;
    o->paths = ewf_paths(first, e);
    if (!o->paths)
        return -1;
    if (ewf_claims_check(o->paths, partial ? EWF_CHUNKS_MAX : 0, e) < 0
        || open_handle(o, e) < 0 || check_whole(o, e) < 0) {
        ewf_close(o);
        return -1;
    }
    return 0;
}

int ewf_open(struct ewf_open *o, const char *first, struct err *e)
{
    return open_set(o, false, first, e);
}

int ewf_open_partial(struct ewf_open *o, const char *first, struct err *e)
{
    return open_set(o, true, first, e);
}

int ewf_reopen(struct ewf_open *o, struct err *e)
{
    close_handle(o);
    return open_handle(o, e) < 0 ? -1 : check_whole(o, e);
}

void ewf_close(struct ewf_open *o)
{
    close_handle(o);
    ewf_paths_free(o->paths);
    o->paths = NULL;
}
