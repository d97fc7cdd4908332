/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/lvm-label.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/scope.h"
#include "fs/bytes.h"

enum {
    SECTOR = 512, SECTORS = 4,
    AT_SECTOR = 8, AT_CRC = 16, AT_HEADER = 20, AT_TYPE = 24,
    AT_SIZE = 32, AT_AREAS = 40, /* of a physical volume's header */
    AREA = 16,                 /* offset, size; zeros end a list */
    AT_MAGIC = 4, AT_VERSION = 20, AT_START = 24, AT_LENGTH = 32,
    AT_TEXT = 40,              /* of an area's header: where the text is */
    AT_TEXT_SIZE = 48, AT_TEXT_CRC = 56, AT_FLAGS = 60,
    IGNORED = 1,
};

/* As zlib's, but begun with another value, and the bits not inverted. */
static uint32_t sum(const void *data, size_t n)
{
    return (uint32_t)~crc32(~0xf597a6cfu, data, (uInt)n);
}

static bool is_label(const unsigned char *b)
{
    return memcmp(b, "LABELONE", 8) == 0
        && memcmp(b + AT_TYPE, "LVM2 001", 8) == 0;
}

int lvm_label_probe(const struct fs_source *s, struct err *e)
{
    unsigned char b[SECTOR];

    for (uint64_t i = 0; i < SECTORS; i++) {
        if ((i + 1) * SECTOR > s->size)
            return 0;
        if (fs_source_read(s, i * SECTOR, b, sizeof(b), e) < 0)
            return -1;
        if (is_label(b))
            return 1;
    }
    return 0;
}

/* A list of areas from `at' on.  Where the next one begins, or 0: it does not
 * end. */
static size_t read_list(const unsigned char *b, size_t at,
                        struct lvm_area *to, unsigned room, unsigned *count)
{
    for (*count = 0; at + AREA <= SECTOR; at += AREA) {
        uint64_t offset = le64_at(b + at), size = le64_at(b + at + 8);

        if (offset == 0)
            return at + AREA;
        if (*count == room)
            return 0;
        to[(*count)++] = (struct lvm_area){ offset, size };
    }
    return 0;
}

static int parse_label(const unsigned char *b, uint64_t sector,
                       struct lvm_label *l, struct err *e)
{
    struct lvm_area data[LVM_AREAS];
    size_t at = le32_at(b + AT_HEADER);
    unsigned unused;

    if (sum(b + AT_HEADER, SECTOR - AT_HEADER) != le32_at(b + AT_CRC))
        return err_set(e, ERR_SOURCE, 0, "the label is damaged: its checksum "
                       "is wrong");
    if (le64_at(b + AT_SECTOR) != sector || at < AT_TYPE + 8
        || at > SECTOR - AT_AREAS)
        return err_set(e, ERR_SOURCE, 0, "the label is damaged");
    memcpy(l->id, b + at, LVM_ID);
    l->id[LVM_ID] = '\0';
    l->size = le64_at(b + at + AT_SIZE);
    at = read_list(b, at + AT_AREAS, data, LVM_AREAS, &unused);
    if (at == 0 || read_list(b, at, l->area, LVM_AREAS, &l->areas) == 0)
        return err_set(e, ERR_SOURCE, 0, "the label is damaged: its areas");
    return 0;
}

int lvm_label_read(const struct fs_source *s, struct lvm_label *l,
                   struct err *e)
{
    unsigned char b[SECTOR];
    int r = -1;

    err_set(e, ERR_SOURCE, 0, "there is no label");
    for (uint64_t i = 0; i < SECTORS && r < 0; i++) {
        if ((i + 1) * SECTOR > s->size)
            return -1;
        if (fs_source_read(s, i * SECTOR, b, sizeof(b), e) < 0)
            return -1;
        if (is_label(b))
            r = parse_label(b, i, l, e);
    }
    return r;
}

/* ------------------------------------------------------------------- areas */

static int damaged(const struct lvm_area *a, const char *what, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "the metadata at %" PRIu64
                   " is damaged: %s", a->offset, what);
}

static int read_header(const struct fs_source *s, const struct lvm_area *a,
                       unsigned char *b, struct err *e)
{
    if (fs_source_read(s, a->offset, b, SECTOR, e) < 0)
        return -1;
    if (memcmp(b + AT_MAGIC, " LVM2 x[5A%r0N*>", 16) != 0)
        return damaged(a, "it has no header", e);
    if (sum(b + AT_MAGIC, SECTOR - AT_MAGIC) != le32_at(b))
        return damaged(a, "the checksum of its header is wrong", e);
    if (le32_at(b + AT_VERSION) != 1 || le64_at(b + AT_START) != a->offset)
        return damaged(a, "its header", e);
    return 0;
}

/* The text lies in a ring behind the header. */
static int read_ring(const struct fs_source *s, const struct lvm_area *a,
                     const unsigned char *b, char *to, size_t n,
                     struct err *e)
{
    uint64_t at = le64_at(b + AT_TEXT), end = le64_at(b + AT_LENGTH);
    uint64_t first = n < end - at ? n : end - at;

    if (fs_source_read(s, a->offset + at, to, (size_t)first, e) < 0)
        return -1;
    return fs_source_read(s, a->offset + SECTOR, to + first,
                          n - (size_t)first, e);
}

static int check_place(const struct lvm_area *a, const unsigned char *b,
                       struct err *e)
{
    uint64_t at = le64_at(b + AT_TEXT), n = le64_at(b + AT_TEXT_SIZE);
    uint64_t end = le64_at(b + AT_LENGTH), unused;

    if (end <= SECTOR || __builtin_add_overflow(a->offset, end, &unused))
        return damaged(a, "its size", e);
    if (at < SECTOR || at >= end || n == 0 || n > end - SECTOR)
        return damaged(a, "the place of its text", e);
    if (n > LVM_TEXT_MAX)
        return err_set(e, ERR_SOURCE, 0, "the metadata at %" PRIu64 " has more "
                       "text than %u bytes", a->offset, LVM_TEXT_MAX);
    return 0;
}

int lvm_area_read(const struct fs_source *s, const struct lvm_area *a,
                  char **text, size_t *n, struct err *e)
{
    unsigned char b[SECTOR];
    autofree char *t = NULL;

    if (read_header(s, a, b, e) < 0)
        return -1;
    if (le64_at(b + AT_TEXT) == 0 || (le32_at(b + AT_FLAGS) & IGNORED))
        return 0;
    if (check_place(a, b, e) < 0)
        return -1;
    *n = (size_t)le64_at(b + AT_TEXT_SIZE);
    t = malloc(*n + 1);
    if (!t)
        return err_nomem(e);
    if (read_ring(s, a, b, t, *n, e) < 0)
        return -1;
    if (sum(t, *n) != le32_at(b + AT_TEXT_CRC))
        return damaged(a, "the checksum of its text is wrong", e);
    t[*n] = '\0';
    *text = t;
    t = NULL;
    return 1;
}
