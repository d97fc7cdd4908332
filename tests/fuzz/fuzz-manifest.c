/* SPDX-License-Identifier: Apache-2.0 */
/* A block manifest.  It is read as it is, and once more with the CRC of its
 * header and of each record made right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "audit/hash.h"
#include "audit/manifest-record.h"
#include "audit/manifest.h"
#include "base/scope.h"
#include "fuzz.h"

/* A row that was accepted is encoded as it was. */
static void check_row(const struct manifest_header *h,
                      const struct manifest_row *row,
                      const unsigned char *bytes)
{
    unsigned char again[MANIFEST_RECORD];

    MUST(row->index < manifest_blocks(h));
    manifest_row_encode(row, h->started, again);
    MUST(memcmp(again, bytes, MANIFEST_RECORD) == 0);
}

static void check_header(const struct manifest_header *h,
                         const unsigned char *data)
{
    char again[MANIFEST_HEADER];

    MUST(manifest_header_check(h));
    manifest_header_encode(h, again);
    MUST(memcmp(again, data, MANIFEST_HEADER) == 0);
}

static void read_rows(struct manifest_reader *r,
                      const struct manifest_header *h,
                      const unsigned char *data, size_t size)
{
    unsigned char file[32], root[32], whole[32];
    struct manifest_row row;
    struct err e = ERR_INIT;
    size_t at = MANIFEST_HEADER;
    uint64_t least = 0;
    int got;

    while ((got = manifest_next(r, &row, &e)) > 0) {
        MUST(at + MANIFEST_RECORD <= size && row.index >= least);
        check_row(h, &row, data + at);
        least = row.index + 1ull;
        at += MANIFEST_RECORD;
    }
    if (got < 0) {
        MUST(e.kind == ERR_VERIFY && fuzz_is_shown(e.msg));
        return;
    }
    MUST(at == size);
    manifest_hashes(r, file, root);
    hash_sha256(data, size, whole);
    MUST(memcmp(file, whole, 32) == 0);
}

static void read_manifest(const unsigned char *data, size_t size)
{
    struct manifest_header h;
    struct err e = ERR_INIT;
    struct manifest_reader *r = manifest_open(fuzz_file(0, data, size), &h,
                                              &e);

    if (!r) {
        MUST(e.kind == ERR_VERIFY && fuzz_is_shown(e.msg));
        return;
    }
    check_header(&h, data);
    read_rows(r, &h, data, size);
    manifest_close(r);
}

static void seal_header(unsigned char *d)
{
    static const char name[] = "header-crc32: ";
    unsigned char *at = memmem(d, MANIFEST_HEADER, name, strlen(name));
    char crc[9];

    if (!at || at + strlen(name) + 8 > d + MANIFEST_HEADER)
        return;
    snprintf(crc, sizeof(crc), "%08lx",
             crc32(0, d, (unsigned)(at - d)) & 0xffffffffu);
    memcpy(at + strlen(name), crc, 8);
}

static void seal_record(unsigned char *d)
{
    uLong crc = crc32(0, d, MANIFEST_RECORD - 4);

    for (int i = 0; i < 4; i++)
        d[MANIFEST_RECORD - 4 + i] = (unsigned char)(crc >> (8 * i));
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree unsigned char *copy = (unsigned char *)fuzz_text(data, size);

    read_manifest(copy, size);
    if (size < MANIFEST_HEADER)
        return 0;
    seal_header(copy);
    for (size_t at = MANIFEST_HEADER; at + MANIFEST_RECORD <= size;
         at += MANIFEST_RECORD)
        seal_record(copy + at);
    read_manifest(copy, size);
    return 0;
}
