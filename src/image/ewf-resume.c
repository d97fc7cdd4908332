/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-resume.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "image/ewf-claims.h"
#include "image/ewf-error.h"
#include "image/ewf-handle.h"
#include "image/ewf-section.h"
#include "image/ewf-segments.h"

/* ------------------------------------------------------------ segment size */

/* libewf cannot be told how large the segments of a set may become that it
 * did not begin: it takes the length of the first one, in KiB.  So the first
 * one is made that long while libewf opens the set.  What a death in between
 * leaves behind its last section is cut off by ewf_cut().
 *
 * A resumed segment keeps no room for its last section's head, one that
 * libewf begins does: hence the difference. */
static off_t limit(const struct image_config *c)
{
    return (off_t)((c->segment_size - EWF_SECTION_HEAD) / KIB * KIB);
}

static int set_length(int fd, const char *path, off_t length, struct err *e)
{
    if (ftruncate(fd, length) < 0)
        return err_set(e, ERR_DEST, errno, "cannot change the length of %s",
                       path);
    return 0;
}

static int open_with_limit(libewf_handle_t *handle,
                           const struct image_config *c, char **paths,
                           unsigned n, struct err *e)
{
    struct err ignored = ERR_INIT;
    autoclose int first = -1;
    struct stat st;
    bool longer;
    int r;

    if (file_reopen(paths[0], &first, e) < 0)
        return -1;
    if (fstat(first, &st) < 0)
        return err_set(e, ERR_DEST, errno, "cannot look at %s", paths[0]);
    longer = st.st_size < limit(c);
    if (longer && set_length(first, paths[0], limit(c), e) < 0)
        return -1;
    r = ewf_handle_open(handle, paths, (int)n, LIBEWF_OPEN_WRITE_RESUME,
                        ERR_VERIFY, "go on with", e);
    if (longer && set_length(first, paths[0], st.st_size,
                             r == 1 ? e : &ignored) < 0)
        return -1;
    return r == 1 ? 0 : -1;
}

/* ------------------------------------------------------------------- open */

static char **make_paths(const char *base, unsigned n, struct err *e)
{
    char **paths = calloc((size_t)n + 1, sizeof(*paths));

    for (unsigned i = 0; paths && i < n; i++) {
        paths[i] = ewf_segment_path(base, i + 1);
        if (!paths[i]) {
            ewf_paths_free(paths);
            paths = NULL;
        }
    }
    if (!paths)
        err_nomem(e);
    return paths;
}

/* Never trust libewf's opinion alone where the next chunk goes. */
static int check_place(libewf_handle_t *handle, const struct image_config *c,
                       uint64_t offset, struct err *e)
{
    libewf_error_t *error = NULL;
    off64_t at = -1;
    size64_t media = 0;
    size32_t chunk = 0;

    if (libewf_handle_get_offset(handle, &at, &error) != 1
        || libewf_handle_get_media_size(handle, &media, &error) != 1
        || libewf_handle_get_chunk_size(handle, &chunk, &error) != 1)
        return ewf_fail(e, ERR_VERIFY, &error, "go on with", c->base);
    if (at < 0 || (uint64_t)at != offset || media != c->volume_size
        || chunk != c->chunk_size)
        return err_set(e, ERR_VERIFY, 0,
                       "libewf would go on with %s at byte %jd of %" PRIu64
                       " instead of %" PRIu64 " of %" PRIu64, c->base,
                       (intmax_t)at, media, offset, c->volume_size);
    return 0;
}

static uint64_t all_chunks(const struct image_config *c)
{
    return (c->volume_size + c->chunk_size - 1) / c->chunk_size;
}

static int open_segments(libewf_handle_t **handle, const struct image_config *c,
                         char **paths, unsigned n, struct err *e)
{
    libewf_error_t *error = NULL;

    if (ewf_claims_check(paths, all_chunks(c), e) < 0)
        return -1;
    if (ewf_handle_new(handle, (int)n, &error) != 1)
        return ewf_fail(e, ERR_INTERNAL, &error, "prepare", c->base);
    return open_with_limit(*handle, c, paths, n, e);
}

int ewf_resume(libewf_handle_t **handle, const struct image_config *c,
               unsigned segment, uint64_t offset, struct err *e)
{
    char **paths = make_paths(c->base, segment, e);
    int r = -1;

    *handle = NULL;
    if (!paths)
        return -1;
    if (open_segments(handle, c, paths, segment, e) == 0)
        r = check_place(*handle, c, offset, e);
    ewf_paths_free(paths);
    return r;
}

/* ---------------------------------------------------------------- digests */

static int set_hash(libewf_handle_t *handle, const char *base,
                    const struct hashes *h, enum hash_kind k,
                    const char *name, struct err *e)
{
    libewf_error_t *error = NULL;
    char hex[2 * HASH_MAX + 1];

    if (!(h->have & HASH_BIT(k)))
        return 0;
    hashes_hex(h, k, hex);
    if (libewf_handle_set_utf8_hash_value(handle, (const uint8_t *)name,
                                          strlen(name), (uint8_t *)hex,
                                          strlen(hex), &error) != 1)
        return ewf_fail(e, ERR_INTERNAL, &error, "set the digests of", base);
    return 0;
}

int ewf_resume_set_hashes(libewf_handle_t *handle, const char *base,
                          const struct hashes *h, struct err *e)
{
    if (set_hash(handle, base, h, HASH_MD5, "MD5", e) < 0)
        return -1;
    return set_hash(handle, base, h, HASH_SHA1, "SHA1", e);
}
