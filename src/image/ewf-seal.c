/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-seal.h"

#include <errno.h>
#include <libewf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "base/scope.h"
#include "image/ewf-error.h"
#include "image/ewf-open.h"
#include "image/ewf.h"

#define SECTOR 512

static int make_one_durable(const char *path, struct err *e)
{
    autoclose int fd = -1;

    if (file_reopen_to_read(path, &fd, e) < 0)
        return -1;
    if (fchmod(fd, 0600) < 0)
        return err_set(e, ERR_DEST, errno, "cannot change the rights of %s",
                       path);
    return file_sync(fd, path, e);
}

/* libewf makes files for everybody to read and syncs none. */
static int make_durable(char **paths, struct err *e)
{
    for (size_t i = 0; paths[i]; i++)
        if (make_one_durable(paths[i], e) < 0)
            return -1;
    return file_sync_folder_of(paths[0], e);
}

static bool same_hashes(const struct hashes *stream,
                        const struct hashes *stored)
{
    for (int h = HASH_MD5; h <= HASH_SHA1; h++) {
        if ((stream->have & HASH_BIT(h)) != (stored->have & HASH_BIT(h)))
            return false;
        if ((stream->have & HASH_BIT(h))
            && memcmp(stream->value[h], stored->value[h], hash_sizes[h])
                != 0)
            return false;
    }
    return true;
}

/* The last sector comes through the last table of the last segment. */
static int read_end(const char *first, uint64_t volume_size, struct err *e)
{
    libewf_error_t *error = NULL;
    unsigned char sector[SECTOR];
    struct ewf_open o;
    ssize_t n;

    if (ewf_open(&o, first, e) < 0)
        return -1;
    errno = 0;
    n = libewf_handle_read_random(o.handle, sector, SECTOR,
                                  (off64_t)(volume_size - SECTOR),
                                  &error);
    if (n != SECTOR)
        ewf_fail(e, ERR_VERIFY, &error, "read the end of", first);
    ewf_close(&o);
    return n == SECTOR ? 0 : -1;
}

/* What a reader will find: the frame, not all the data (verify does that). */
static int look_again(const char *first, uint64_t volume_size,
                      uint32_t chunk_size, const struct hashes *stream,
                      struct err *e)
{
    struct image_info i;
    bool good;

    if (ewf_info_read(first, &i, e) < 0)
        return -1;
    good = i.media_size == volume_size && i.chunk_size == chunk_size
        && same_hashes(stream, &i.stored);
    image_info_free(&i);
    if (!good)
        return err_set(e, ERR_VERIFY, 0,
                       "%s does not read back as it was written", first);
    return read_end(first, volume_size, e);
}

int ewf_seal(const char *base, uint64_t volume_size, uint32_t chunk_size,
             const struct hashes *stream, struct err *e)
{
    autofree char *first = NULL;
    char **paths;
    int r;

    if (asprintf(&first, "%s" E01_SUFFIX, base) < 0) {
        first = NULL;
        return err_nomem(e);
    }
    paths = ewf_paths(first, e);
    if (!paths)
        return -1;
    r = make_durable(paths, e);
    ewf_paths_free(paths);
    if (r < 0)
        return -1;
    if (look_again(first, volume_size, chunk_size, stream, e) == 0)
        return 0;
    if (e->kind == ERR_USAGE) /* nobody has named it: it is our own */
        e->kind = ERR_DEST;
    return err_in(e, "reading the E01 image back");
}
