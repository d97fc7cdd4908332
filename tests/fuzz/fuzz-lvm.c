/* SPDX-License-Identifier: Apache-2.0 */
/* Physical volumes of LVM2.  The input is the text about a volume group, put
 * with right checksums on two disks, A and B; or, when it begins with a byte
 * 0, what one disk begins with, as it is. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "fs/lvm.h"
#include "fuzz.h"

#define DISK (UINT64_C(1) << 30)
#define AREA 4096u
#define HEAD 512u
#define TEXT_MAX (256u * 1024)

struct disk {
    unsigned char *bytes;
    size_t n;                  /* zeros follow */
};

static int read_disk(void *ctx, uint64_t offset, void *to, size_t n,
                     struct err *e)
{
    const struct disk *d = ctx;
    size_t part = 0;

    (void)e;
    MUST(n > 0 && n <= DISK && offset <= DISK - n);
    if (offset < d->n)
        part = n < d->n - offset ? n : d->n - (size_t)offset;
    memcpy(to, d->bytes + (part ? offset : 0), part);
    memset((char *)to + part, 0, n - part);
    return 0;
}

static void put(unsigned char *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (unsigned char)(value >> 8 * i);
}

static uint32_t sum(const void *data, size_t n)
{
    return (uint32_t)~crc32(~0xf597a6cfu, data, (uInt)n);
}

static void make(struct disk *d, char id, const uint8_t *text, size_t n)
{
    unsigned char *label = d->bytes + 512, *area = d->bytes + AREA;

    memcpy(label, "LABELONE", 8);
    put(label + 8, 1, 8);
    put(label + 20, 32, 4);
    memcpy(label + 24, "LVM2 001", 8);
    memset(label + 32, id, 32);
    put(label + 64, DISK, 8);
    put(label + 72, 1 << 20, 8);
    put(label + 104, AREA, 8);
    put(label + 112, HEAD + TEXT_MAX, 8);
    put(label + 16, sum(label + 20, 492), 4);
    memcpy(area + 4, " LVM2 x[5A%r0N*>", 16);
    put(area + 20, 1, 4);
    put(area + 24, AREA, 8);
    put(area + 32, HEAD + TEXT_MAX, 8);
    put(area + 40, HEAD, 8);
    put(area + 48, n, 8);
    put(area + 56, sum(text, n), 4);
    put(area, sum(area + 4, HEAD - 4), 4);
    memcpy(area + HEAD, text, n);
    d->n = AREA + HEAD + n;
}

static void check_volume(const struct lvm *l, size_t i)
{
    const struct lvm_volume *v = lvm_volume(l, i);
    uint64_t size = v->source.size;
    const uint64_t at[] = { 0, size / 2, size - 1 };

    MUST(v->group && *v->group && v->name && *v->name);
    MUST(v->refused ? size == 0 : size > 0 && size <= INT64_MAX);
    for (unsigned k = 0; size && k < 3; k++) {
        unsigned char byte;
        struct err e = ERR_INIT;
        uint64_t n = size - at[k], where;
        size_t which = 9;

        lvm_place(l, i, at[k], &n, &which, &where);
        MUST(which < 2 && n > 0 && n <= size - at[k]);
        if (fs_source_read(&v->source, at[k], &byte, 1, &e) < 0)
            MUST(e.kind == ERR_SOURCE && where >= DISK);
        else
            MUST(where < DISK);
    }
}

static void add(struct lvm *l, const struct fs_source *s)
{
    struct err e = ERR_INIT;

    if (lvm_add(l, s, &e) < 0)
        MUST(e.kind == ERR_SOURCE);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    struct disk d[2] = { { 0 } };
    struct fs_source s[2];
    struct err e = ERR_INIT;
    struct lvm *l;

    if (size == 0 || size > TEXT_MAX)
        return 0;
    for (unsigned i = 0; i < 2; i++) {
        d[i].bytes = calloc(1, AREA + HEAD + TEXT_MAX);
        if (!d[i].bytes)
            abort();
        s[i] = (struct fs_source){ read_disk, &d[i], DISK };
        if (data[0])
            make(&d[i], (char)('A' + i), data, size);
    }
    if (!data[0]) {
        memcpy(d[0].bytes, data, size);
        d[0].n = size;
    }
    l = lvm_new(&e);
    MUST(l);
    fuzz_count();
    add(l, &s[0]);
    add(l, &s[1]);
    MUST(lvm_map(l, &e) == 0);
    fuzz_spent_at_most(1024 * 1024 + 600 * size);
    for (size_t i = 0; i < lvm_count(l); i++)
        check_volume(l, i);
    for (size_t i = 0; lvm_note(l, i); i++)
        MUST(*lvm_note(l, i));
    lvm_free(l);
    free(d[0].bytes);
    free(d[1].bytes);
    return 0;
}
