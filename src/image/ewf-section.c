/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf-section.h"

#include <string.h>

#include "image/deflate.h"

const unsigned char ewf_signature[EWF_SIGNATURE] = {
    'E', 'V', 'F', 9, 13, 10, 255, 0,
};

/* Where the parts of a section's head begin. */
enum {
    AT_TYPE = 0,
    AT_END = 16,
    AT_SIZE = 24,
    AT_CHECKSUM = 72,
};

#define TYPE_ROOM 16

/* ... and of a table. */
enum {
    AT_COUNT = 0,
    AT_BASE = 8,
    AT_HEAD_CHECKSUM = 20,
};

static void put(unsigned char *at, unsigned bytes, uint64_t v)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (unsigned char)(v >> (8 * i));
}

static uint64_t get(const unsigned char *at, unsigned bytes)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < bytes; i++)
        v |= (uint64_t)at[i] << (8 * i);
    return v;
}

/* ------------------------------------------------------------- file head */

void ewf_file_head_encode(unsigned char out[EWF_FILE_HEAD],
                          unsigned segment)
{
    memset(out, 0, EWF_FILE_HEAD);
    memcpy(out, ewf_signature, sizeof(ewf_signature));
    out[8] = 1; /* the fields begin */
    put(out + 9, 2, segment);
}

bool ewf_file_head_fits(const unsigned char in[EWF_FILE_HEAD],
                        unsigned segment)
{
    unsigned char want[EWF_FILE_HEAD];

    ewf_file_head_encode(want, segment);
    return memcmp(in, want, EWF_FILE_HEAD) == 0;
}

/* -------------------------------------------------------------- sections */

static bool is_last(const char *type)
{
    return strcmp(type, "next") == 0 || strcmp(type, "done") == 0;
}

/* The last section of a segment names itself as the next one, and its size
 * stays 0. */
void ewf_section_encode(unsigned char out[EWF_SECTION_HEAD],
                        const char *type, uint64_t start, uint64_t data)
{
    uint64_t size = is_last(type) ? 0 : EWF_SECTION_HEAD + data;

    memset(out, 0, EWF_SECTION_HEAD);
    memcpy(out + AT_TYPE, type, strlen(type));
    put(out + AT_END, 8, start + size);
    put(out + AT_SIZE, 8, size);
    put(out + AT_CHECKSUM, 4, adler32_of(out, AT_CHECKSUM));
}

int ewf_section_decode(const unsigned char in[EWF_SECTION_HEAD],
                       uint64_t start, uint64_t size,
                       struct ewf_section *out)
{
    uint64_t bytes = get(in + AT_SIZE, 8);

    if (get(in + AT_CHECKSUM, 4) != adler32_of(in, AT_CHECKSUM))
        return -1;
    memset(out, 0, sizeof(*out));
    memcpy(out->type, in + AT_TYPE, TYPE_ROOM);
    if (get(in + AT_END, 8) != start + bytes
        || start > size || size - start < EWF_SECTION_HEAD)
        return -1;
    out->start = start;
    if (is_last(out->type) && bytes == 0)
        bytes = EWF_SECTION_HEAD;
    if (bytes < EWF_SECTION_HEAD || bytes > size - start)
        return -1;
    out->end = start + bytes;
    return 0;
}

/* ---------------------------------------------------------------- tables */

size_t ewf_table_size(uint32_t n)
{
    return EWF_TABLE_HEAD + (size_t)n * 4 + 4;
}

void ewf_table_encode(unsigned char *out, const uint32_t *chunks, uint32_t n,
                      uint64_t sectors)
{
    unsigned char *entry = out + EWF_TABLE_HEAD;
    uint32_t at = EWF_SECTION_HEAD; /* counted from the base */

    memset(out, 0, EWF_TABLE_HEAD);
    put(out + AT_COUNT, 4, n);
    put(out + AT_BASE, 8, sectors);
    put(out + AT_HEAD_CHECKSUM, 4, adler32_of(out, AT_HEAD_CHECKSUM));
    for (uint32_t i = 0; i < n; i++, entry += 4) {
        put(entry, 4, at | (chunks[i] & EWF_DEFLATED));
        at += EWF_LENGTH(chunks[i]);
    }
    put(entry, 4, adler32_of(out + EWF_TABLE_HEAD, (size_t)n * 4));
}

int ewf_table_count(const unsigned char in[EWF_TABLE_HEAD], uint32_t *n)
{
    *n = (uint32_t)get(in + AT_COUNT, 4);
    return get(in + AT_HEAD_CHECKSUM, 4) == adler32_of(in, AT_HEAD_CHECKSUM)
            && *n > 0 && *n <= EWF_TABLE_MAX
        ? 0 : -1;
}
