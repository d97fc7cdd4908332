/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf.h"

#include <errno.h>
#include <libewf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "image/ewf-error.h"
#include "image/ewf-open.h"

static const struct {
    uint8_t format;
    const char *name;
} formats[] = {
    { LIBEWF_FORMAT_EWF, "EWF" },
    { LIBEWF_FORMAT_SMART, "SMART" },
    { LIBEWF_FORMAT_FTK_IMAGER, "FTK Imager" },
    { LIBEWF_FORMAT_ENCASE1, "EnCase 1" },
    { LIBEWF_FORMAT_ENCASE2, "EnCase 2" },
    { LIBEWF_FORMAT_ENCASE3, "EnCase 3" },
    { LIBEWF_FORMAT_ENCASE4, "EnCase 4" },
    { LIBEWF_FORMAT_ENCASE5, "EnCase 5" },
    { LIBEWF_FORMAT_ENCASE6, "EnCase 6" },
    { LIBEWF_FORMAT_ENCASE7, "EnCase 7" },
    { LIBEWF_FORMAT_LINEN5, "linen 5" },
    { LIBEWF_FORMAT_LINEN6, "linen 6" },
    { LIBEWF_FORMAT_LINEN7, "linen 7" },
    { LIBEWF_FORMAT_EWFX, "EWFX" },
};

static void name_format(struct image_info *out, uint8_t format)
{
    const char *name = "unknown";

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (formats[i].format == format)
            name = formats[i].name;
    snprintf(out->format, sizeof(out->format), "%s", name);
}

static bool read_media(libewf_handle_t *h, struct image_info *out,
                       libewf_error_t **error)
{
    uint8_t format = 0;
    uint8_t flags = 0;
    uint8_t compress_flags = 0;
    int8_t level = 0;
    size32_t chunk = 0;

    if (libewf_handle_get_media_size(h, &out->media_size, error) != 1
        || libewf_handle_get_chunk_size(h, &chunk, error) != 1
        || libewf_handle_get_bytes_per_sector(h, &out->bytes_per_sector,
                                              error) != 1
        || libewf_handle_get_format(h, &format, error) != 1
        || libewf_handle_get_media_flags(h, &flags, error) != 1
        || libewf_handle_get_compression_values(h, &level, &compress_flags,
                                                error) != 1)
        return false;
    out->chunk_size = chunk;
    out->allocated = INFO_NONE;
    out->media = flags & LIBEWF_MEDIA_FLAG_PHYSICAL ? "physical disk"
                                                    : "logical volume";
    out->compression = level;
    name_format(out, format);
    return true;
}

/* libewf answers 1 when the image has the hash, 0 when not. */
static bool read_hashes(libewf_handle_t *h, struct image_info *out,
                        libewf_error_t **error)
{
    int md5 = libewf_handle_get_md5_hash(h, out->stored.value[HASH_MD5], 16,
                                         error);
    int sha1 = md5 < 0 ? -1
        : libewf_handle_get_sha1_hash(h, out->stored.value[HASH_SHA1], 20,
                                      error);

    if (md5 > 0)
        out->stored.have |= HASH_BIT(HASH_MD5);
    if (sha1 > 0)
        out->stored.have |= HASH_BIT(HASH_SHA1);
    return md5 >= 0 && sha1 >= 0;
}

/* ---------------------------------------------------------------- fields */

static char *field_name(libewf_handle_t *h, uint32_t i,
                        libewf_error_t **error)
{
    size_t n = 0;
    char *name;

    if (libewf_handle_get_header_value_identifier_size(h, i, &n, error) != 1
        || !(name = calloc(1, n + 1)))
        return NULL;
    if (libewf_handle_get_header_value_identifier(h, i, (uint8_t *)name, n,
                                                  error) != 1) {
        free(name);
        return NULL;
    }
    return name;
}

/* NULL also when the field is not set. */
static char *field_value(libewf_handle_t *h, const char *name,
                         libewf_error_t **error)
{
    const uint8_t *id = (const uint8_t *)name;
    size_t n = 0;
    char *value;

    if (libewf_handle_get_utf8_header_value_size(h, id, strlen(name), &n,
                                                 error) != 1
        || n <= 1 || !(value = calloc(1, n + 1)))
        return NULL;
    if (libewf_handle_get_utf8_header_value(h, id, strlen(name),
                                            (uint8_t *)value, n,
                                            error) != 1) {
        free(value);
        return NULL;
    }
    return value;
}

/* Fields are for people: one that makes no sense is left out. */
static bool read_fields(libewf_handle_t *h, struct image_info *out)
{
    libewf_error_t *error = NULL;
    uint32_t n = 0;

    if (libewf_handle_get_number_of_header_values(h, &n, &error) != 1)
        n = 0;
    out->fields = calloc((size_t)n + 1, sizeof(*out->fields));
    for (uint32_t i = 0; out->fields && i < n; i++) {
        struct image_field *f = &out->fields[out->nfields];

        f->name = field_name(h, i, &error);
        f->value = f->name ? field_value(h, f->name, &error) : NULL;
        if (f->value) {
            out->nfields++;
        } else {
            free(f->name);
            f->name = NULL;
        }
        libewf_error_free(&error);
    }
    libewf_error_free(&error);
    return out->fields != NULL;
}

/* ---------------------------------------------------------------- errors */

static bool read_errors(libewf_handle_t *h, struct image_info *out,
                        libewf_error_t **error)
{
    uint32_t n = 0;

    if (libewf_handle_get_number_of_acquiry_errors(h, &n, error) != 1)
        return false;
    out->errors = calloc((size_t)n + 1, sizeof(*out->errors));
    if (!out->errors)
        return false;
    for (; out->nerrors < n; out->nerrors++) {
        struct image_range *r = &out->errors[out->nerrors];

        if (libewf_handle_get_acquiry_error(h, (uint32_t)out->nerrors,
                                            &r->first, &r->count,
                                            error) != 1)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ info */

int ewf_info_read(const char *first, struct image_info *out, struct err *e)
{
    struct ewf_open o;
    libewf_error_t *error = NULL;
    bool good;

    memset(out, 0, sizeof(*out));
    if (ewf_open(&o, first, e) < 0)
        return -1;
    while (o.paths[out->segments])
        out->segments++;
    errno = 0;
    good = read_media(o.handle, out, &error)
        && read_hashes(o.handle, out, &error)
        && read_errors(o.handle, out, &error) && read_fields(o.handle, out)
        && errno != ENOMEM; /* libewf leaves out what it has no room for */
    if (!good) {
        ewf_fail(e, ERR_VERIFY, &error, "read", first);
        image_info_free(out);
    }
    ewf_close(&o);
    return good ? 0 : -1;
}
