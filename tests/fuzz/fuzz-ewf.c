/* SPDX-License-Identifier: Apache-2.0 */
/* An E01 image of one segment: what info shows of it, and then all of it
 * through the reader, as verify does.  It is read as it is, and once more
 * with the checksums of its structures made right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/number.h"
#include "base/scope.h"
#include "flow/pipeline.h"
#include "fuzz.h"
#include "image/ewf.h"
#include "image/reader.h"

/* ---------------------------------------------------------------- sealing */

#define DESCRIPTOR 76

static const struct {
    const char *type;
    size_t covered;   /* bytes of the section's data, then their Adler-32 */
} parts[] = {
    { "volume", 1048 }, { "disk", 1048 }, { "data", 1048 },
    { "table", 20 },    { "table2", 20 }, { "hash", 32 },
    { "digest", 76 },   { "error2", 516 },  { "session", 32 },
};

static uint64_t get(const unsigned char *p, int bytes)
{
    uint64_t v = 0;

    while (bytes-- > 0)
        v = v << 8 | p[bytes];
    return v;
}

static void seal(unsigned char *d, size_t covered)
{
    uLong sum = adler32(1, d, (uInt)covered);

    for (int i = 0; i < 4; i++)
        d[covered + (size_t)i] = (unsigned char)(sum >> (8 * i));
}

static void seal_section(unsigned char *d, size_t room)
{
    seal(d, DESCRIPTOR - 4);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (strncmp((char *)d, parts[i].type, 16) == 0
            && room >= DESCRIPTOR + parts[i].covered + 4)
            seal(d + DESCRIPTOR, parts[i].covered);
}

static void seal_table(unsigned char *d, size_t room)
{
    size_t n = strncmp((char *)d, "table", 5) == 0 && room >= 104
        ? (size_t)get(d + DESCRIPTOR, 4) * 4 : 0;

    if (n && n <= room - 104)
        seal(d + 100, n);
}

static void seal_all(unsigned char *d, size_t size)
{
    size_t at = 13;

    for (int i = 0; i < 100 && at + DESCRIPTOR <= size; i++) {
        uint64_t next = get(d + at + 16, 8);

        seal_section(d + at, size - at);
        seal_table(d + at, size - at);
        if (next <= at || next > size)
            return;
        at = (size_t)next;
    }
}

/* ---------------------------------------------------------------- reading */

static const char *image_path(const void *data, size_t size)
{
    const char *path = fuzz_path("x.E01");
    FILE *f = fopen(path, "w");

    MUST(f && fwrite(data, 1, size, f) == size && fclose(f) == 0);
    return path;
}

/* What ewf-claims.h promises for a file of 64 KiB: texts in full, and next to
 * nothing else. */
#define INFO_MOST (size_t)(128 * MIB)
/* ... and a chunk of 64 MiB, twice. */
#define READ_MOST (size_t)(256 * MIB)

static int read_info(const char *path, struct image_info *i, struct err *e)
{
    int r;

    fuzz_heap();
    r = ewf_info_read(path, i, e);
    fuzz_heap_at_most(INFO_MOST);
    return r;
}

static void check_info(const char *path)
{
    struct image_info i;
    struct err e = ERR_INIT;

    if (read_info(path, &i, &e) < 0) {
        MUST((e.kind == ERR_VERIFY || e.kind == ERR_USAGE)
             && fuzz_is_shown(e.msg));
        return;
    }
    MUST(i.segments == 1 && strlen(i.format) < sizeof(i.format));
    for (size_t n = 0; n < i.nfields; n++)
        MUST(i.fields[n].name && i.fields[n].value);
    image_info_free(&i);
}

static uint64_t damaged_bytes;

static void on_damaged(void *ctx, uint64_t offset, uint64_t len)
{
    const struct image *image = ctx;

    MUST(offset < image->size && len <= image->size - offset);
    damaged_bytes += len;
}

static void read_all(const struct image *image)
{
    struct image_reader_config c = {
        .image = image,
        .slots = 8,
        .damaged = on_damaged,
        .damaged_ctx = (void *)(uintptr_t)image,
    };
    struct err e = ERR_INIT;
    struct hashes h;
    struct pipeline p = { .workers = 1, .slots = 8, .hashes = 1 };

    damaged_bytes = 0;
    p.source = image_reader_new(&c, &e);
    if (!p.source) {
        MUST(e.kind == ERR_VERIFY || e.kind == ERR_USAGE);
        return;
    }
    if (pipeline_run(&p, &h, &e) < 0)
        MUST(e.kind == ERR_VERIFY);
    image_reader_free(p.source);
}

static void read_image(const void *data, size_t size)
{
    autofree char *path = strdup(image_path(data, size));
    struct image image;
    struct err e = ERR_INIT;

    check_info(path);
    fuzz_heap();
    if (image_open(path, &image, &e) == 0)
        read_all(&image);
    else
        MUST(fuzz_is_shown(e.msg));
    image_close(&image);
    fuzz_heap_at_most(READ_MOST);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree unsigned char *copy = (unsigned char *)fuzz_text(data, size);

    read_image(copy, size);
    if (size < 13 + DESCRIPTOR)
        return 0;
    seal_all(copy, size);
    read_image(copy, size);
    return 0;
}
