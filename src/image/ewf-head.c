/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-head.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/scope.h"

#define SECTOR 512u

static int set_field(libewf_handle_t *h, const char *name, const char *value,
                     size_t limit, libewf_error_t **error)
{
    autofree char *clean = NULL;

    if (!value || !*value)
        return 1;
    clean = ewf_text(value, limit);
    if (!clean)
        return -1;
    return libewf_handle_set_utf8_header_value(
        h, (const uint8_t *)name, strlen(name), (const uint8_t *)clean,
        strlen(clean), error);
}

static bool set_fields(libewf_handle_t *h, const struct image_config *c,
                       libewf_error_t **error)
{
    const struct {
        const char *name;
        const char *value;
        size_t limit;
    } fields[] = {
        { "case_number", c->case_number, EWF_FIELD_MAX },
        { "evidence_number", c->evidence_number, EWF_FIELD_MAX },
        { "examiner_name", c->examiner, EWF_FIELD_MAX },
        { "description", c->description, EWF_FIELD_MAX },
        { "notes", c->notes, EWF_FIELD_MAX },
        { "model", c->model, EWF_FIELD_MAX },
        { "serial_number", c->serial, EWF_FIELD_MAX },
        { "acquiry_software_version", c->software, 11 },
        { "acquiry_operating_system", c->system, 23 },
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (set_field(h, fields[i].name, fields[i].value, fields[i].limit,
                      error) != 1)
            return false;
    return true;
}

/* libewf counts as EnCase does; only the header says which it was. */
static int8_t ewf_level(enum deflate_level level)
{
    static const int8_t levels[] = {
        [DEFLATE_NONE] = LIBEWF_COMPRESSION_NONE,
        [DEFLATE_FAST] = LIBEWF_COMPRESSION_FAST,
        [DEFLATE_BEST] = LIBEWF_COMPRESSION_BEST,
    };

    return levels[level];
}

/* One set of segments, one random identifier: a version 4 GUID, whose third
 * group is little-endian. */
static bool set_identifier(libewf_handle_t *h, libewf_error_t **error)
{
    uint8_t id[16];

    if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
        return false;
    id[7] = (uint8_t)((id[7] & 0x0f) | 0x40);
    id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
    return libewf_handle_set_segment_file_set_identifier(h, id, sizeof(id),
                                                         error) == 1;
}

/* EnCase 6: the only format of this libewf that keeps everything.  Windows'
 * code page in the old header keeps western names readable there; header2
 * has the full Unicode. */
static bool set_media(libewf_handle_t *h, const struct image_config *c,
                      libewf_error_t **error)
{
    return libewf_handle_set_format(h, LIBEWF_FORMAT_ENCASE6, error) == 1
        && libewf_handle_set_header_codepage(
               h, LIBEWF_CODEPAGE_WINDOWS_1252, error) == 1
        && libewf_handle_set_bytes_per_sector(h, SECTOR, error) == 1
        && libewf_handle_set_sectors_per_chunk(
               h, c->chunk_size / SECTOR, error) == 1
        && libewf_handle_set_media_size(h, c->volume_size, error) == 1
        && libewf_handle_set_media_type(
               h, LIBEWF_MEDIA_TYPE_FIXED, error) == 1
        && libewf_handle_set_media_flags(h, 0, error) == 1
        && libewf_handle_set_error_granularity(
               h, BLOCK_SIZE / SECTOR, error) == 1
        && libewf_handle_set_compression_values(
               h, ewf_level(c->level), 0, error) == 1
        && libewf_handle_set_maximum_segment_size(
               h, c->segment_size, error) == 1
        && set_identifier(h, error);
}

bool ewf_head_set(libewf_handle_t *h, const struct image_config *c,
                  libewf_error_t **error)
{
    return set_media(h, c, error) && set_fields(h, c, error);
}
