/* SPDX-License-Identifier: Apache-2.0 */
#include "image/partition-list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "image/partition.h"

#define FIRST 8192            /* has both places where a GPT may begin */
#define SECTOR 512u
#define MBR_TABLE 446
#define MBR_ENTRY 16
#define LOGICALS_MAX 256      /* links of a chain that are followed */
#define ENTRIES_MAX 1024      /* of a GPT; usual are 128 */
#define ENTRY_MAX 4096

struct disk {
    struct partition_list *out;
    uint64_t size;
    int (*read)(void *ctx, uint64_t offset, void *to, size_t n,
                struct err *e);
    void *ctx;
};

static uint32_t le32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16
        | (uint32_t)p[3] << 24;
}

static uint64_t le64(const unsigned char *p)
{
    return le32(p) | (uint64_t)le32(p + 4) << 32;
}

static bool inside(const struct disk *d, uint64_t offset, uint64_t n)
{
    return offset <= d->size && n <= d->size - offset;
}

/* Room for one more that begins inside the disk, or NULL. */
static struct partition *add(struct disk *d, unsigned number,
                             uint64_t offset, uint64_t length)
{
    struct partition_list *l = d->out;
    struct partition *p;

    if (l->count == PARTITIONS_MAX || offset >= d->size || length == 0) {
        l->left_out++;
        return NULL;
    }
    p = &l->list[l->count++];
    memset(p, 0, sizeof(*p));
    p->number = number;
    p->offset = offset;
    p->cut = length > d->size - offset;
    p->length = p->cut ? d->size - offset : length;
    return p;
}

/* -------------------------------------------------------------------- MBR */

static void name_mbr_type(unsigned char type, char *out, size_t n)
{
    static const struct { unsigned char type; const char *name; } rows[] = {
        { 0x05, "extended" },        { 0x06, "FAT16" },
        { 0x07, "NTFS, exFAT or HPFS" }, { 0x0b, "FAT32" },
        { 0x0c, "FAT32" },           { 0x0e, "FAT16" },
        { 0x0f, "extended" },        { 0x27, "Windows recovery" },
        { 0x82, "Linux swap" },      { 0x83, "Linux" },
        { 0x85, "Linux extended" },  { 0x8e, "Linux LVM" },
        { 0xa5, "FreeBSD" },         { 0xee, "protective, of a GPT" },
        { 0xef, "EFI system" },      { 0xfd, "Linux RAID" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].type == type) {
            snprintf(out, n, "%s (%02x)", rows[i].name, type);
            return;
        }
    snprintf(out, n, "type %02x", type);
}

static bool is_extended(unsigned char type)
{
    return type == 0x05 || type == 0x0f || type == 0x85;
}

static void add_entry(struct disk *d, unsigned number, uint64_t base,
                      const unsigned char *entry)
{
    struct partition *p = add(d, number,
                              base + (uint64_t)le32(entry + 8) * SECTOR,
                              (uint64_t)le32(entry + 12) * SECTOR);

    if (p)
        name_mbr_type(entry[4], p->type, sizeof(p->type));
}

/* Each link has one partition, and where the next link is: that counts from
 * the extended partition, the partition from its link. */
static int read_logicals(struct disk *d, uint64_t extended, struct err *e)
{
    uint64_t at = extended;
    unsigned char link[SECTOR];

    for (unsigned n = 5; n < 5 + LOGICALS_MAX; n++) {
        const unsigned char *next = link + MBR_TABLE + MBR_ENTRY;

        if (!inside(d, at, SECTOR))
            break;
        if (d->read(d->ctx, at, link, sizeof(link), e) < 0)
            return -1;
        if (link[510] != 0x55 || link[511] != 0xaa)
            break;
        if (link[MBR_TABLE + 4])
            add_entry(d, n, at, link + MBR_TABLE);
        if (!is_extended(next[4]) || !le32(next + 8))
            return 0;
        at = extended + (uint64_t)le32(next + 8) * SECTOR;
    }
    snprintf(d->out->doubt, sizeof(d->out->doubt), "the chain of logical "
             "partitions has no good end");
    return 0;
}

static int read_mbr(struct disk *d, const unsigned char *first,
                    struct err *e)
{
    d->out->table = "MBR";
    for (unsigned i = 0; i < 4; i++) {
        const unsigned char *entry = first + MBR_TABLE + i * MBR_ENTRY;

        if (!entry[4])
            continue;
        add_entry(d, i + 1, 0, entry);
        if (is_extended(entry[4])
            && read_logicals(d, (uint64_t)le32(entry + 8) * SECTOR, e) < 0)
            return -1;
    }
    return 0;
}

/* -------------------------------------------------------------------- GPT */

/* The first three fields are little-endian, the others are bytes. */
static void guid_text(const unsigned char *g, char out[37])
{
    snprintf(out, 37, "%08" PRIX32 "-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X"
             "%02X%02X%02X", le32(g), g[5], g[4], g[7], g[6], g[8], g[9],
             g[10], g[11], g[12], g[13], g[14], g[15]);
}

static void name_gpt_type(const unsigned char *guid, char *out, size_t n)
{
    static const struct { const char *guid, *name; } rows[] = {
        { "0FC63DAF-8483-4772-8E79-3D69D8477DE4", "Linux file system" },
        { "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709", "Linux root (x86-64)" },
        { "B921B045-1DF0-41C3-AF44-4C6F280D3FAE", "Linux root (ARM64)" },
        { "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F", "Linux swap" },
        { "E6D6D379-F507-44C2-A23C-238F2A3DF928", "Linux LVM" },
        { "BC13C2FF-59E6-4262-A352-B275FD6F7172", "Linux /boot" },
        { "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "EFI system" },
        { "21686148-6449-6E6F-744E-656564454649", "BIOS boot" },
        { "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7", "Microsoft basic data" },
        { "E3C9E316-0B5C-4DB8-817D-F92DF00215AE", "Microsoft reserved" },
        { "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC", "Windows recovery" },
    };
    char text[37];

    guid_text(guid, text);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].guid, text) == 0) {
            snprintf(out, n, "%s", rows[i].name);
            return;
        }
    snprintf(out, n, "%s", text);
}

/* UTF-16LE; a unit that is half of a pair becomes U+FFFD. */
static void add_utf8(char *out, size_t *at, uint32_t unit)
{
    unsigned char *p = (unsigned char *)out + *at;

    if (unit >= 0xd800 && unit <= 0xdfff)
        unit = 0xfffd;
    if (unit < 0x80) {
        p[0] = (unsigned char)unit;
        *at += 1;
    } else if (unit < 0x800) {
        p[0] = (unsigned char)(0xc0 | unit >> 6);
        p[1] = (unsigned char)(0x80 | (unit & 0x3f));
        *at += 2;
    } else {
        p[0] = (unsigned char)(0xe0 | unit >> 12);
        p[1] = (unsigned char)(0x80 | (unit >> 6 & 0x3f));
        p[2] = (unsigned char)(0x80 | (unit & 0x3f));
        *at += 3;
    }
}

static void take_name(const unsigned char *utf16, char out[128])
{
    size_t at = 0;

    for (int i = 0; i < 36; i++) {
        uint32_t unit = (uint32_t)utf16[2 * i]
            | (uint32_t)utf16[2 * i + 1] << 8;

        if (!unit)
            break;
        add_utf8(out, &at, unit);
    }
    out[at] = '\0';
}

static void add_gpt(struct disk *d, unsigned number, uint32_t sector,
                    const unsigned char *entry)
{
    static const unsigned char unused[16];
    uint64_t from = le64(entry + 32), to = le64(entry + 40), end, offset;
    struct partition *p;

    if (memcmp(entry, unused, sizeof(unused)) == 0)
        return;
    if (to < from || __builtin_mul_overflow(from, sector, &offset)
        || __builtin_mul_overflow(to + 1, sector, &end) || end <= offset) {
        d->out->left_out++;
        return;
    }
    p = add(d, number, offset, end - offset);
    if (!p)
        return;
    name_gpt_type(entry, p->type, sizeof(p->type));
    take_name(entry + 56, p->name);
}

struct gpt {
    uint32_t sector, count, size, crc; /* of the entries */
    uint64_t at;
};

/* False: the numbers make no sense. */
static bool read_header(const struct disk *d, const unsigned char *h,
                        struct gpt *g)
{
    uint64_t lba = le64(h + 72);

    g->count = le32(h + 80);
    g->size = le32(h + 84);
    g->crc = le32(h + 88);
    return lba >= 2 && !__builtin_mul_overflow(lba, g->sector, &g->at)
        && g->size >= 128 && g->size <= ENTRY_MAX && g->size % 8 == 0
        && g->count <= ENTRIES_MAX
        && inside(d, g->at, (uint64_t)g->count * g->size);
}

static bool has_crc(const unsigned char *h)
{
    uint32_t n = le32(h + 12);
    unsigned char copy[SECTOR];

    if (n < 92 || n > SECTOR)
        return false;
    memcpy(copy, h, n);
    memset(copy + 16, 0, 4);
    return (uint32_t)crc32(0, copy, n) == le32(h + 16);
}

static int read_entries(struct disk *d, const struct gpt *g, uint32_t *crc,
                        struct err *e)
{
    unsigned char entry[ENTRY_MAX];

    *crc = 0;
    for (uint32_t i = 0; i < g->count; i++) {
        if (d->read(d->ctx, g->at + (uint64_t)i * g->size, entry, g->size, e)
            < 0)
            return -1;
        *crc = (uint32_t)crc32(*crc, entry, g->size);
        add_gpt(d, i + 1, g->sector, entry);
    }
    return 0;
}

static int read_gpt(struct disk *d, const unsigned char *header,
                    uint32_t sector, struct err *e)
{
    struct gpt g = { .sector = sector };
    char *doubt = d->out->doubt;
    size_t room = sizeof(d->out->doubt);
    uint32_t crc;

    d->out->table = "GPT";
    if (!read_header(d, header, &g)) {
        snprintf(doubt, room, "the header makes no sense; its copy at the end "
                 "of the disk was not looked at");
        return 0;
    }
    if (read_entries(d, &g, &crc, e) < 0)
        return -1;
    if (!has_crc(header) || crc != g.crc)
        snprintf(doubt, room, "its checksums are wrong; its copy at the end "
                 "of the disk was not looked at");
    return 0;
}

int partition_list_read(struct partition_list *out, uint64_t size,
                        int (*read)(void *ctx, uint64_t offset, void *to,
                                    size_t n, struct err *e),
                        void *ctx, struct err *e)
{
    unsigned char first[FIRST];
    struct disk d = { out, size, read, ctx };

    memset(out, 0, sizeof(*out));
    out->table = "";
    if (size < FIRST)
        return 0;
    if (read(ctx, 0, first, sizeof(first), e) < 0)
        return -1;
    if (!partition_table(first, sizeof(first), size))
        return 0;
    if (memcmp(first + 512, "EFI PART", 8) == 0)
        return read_gpt(&d, first + 512, 512, e);
    if (memcmp(first + 4096, "EFI PART", 8) == 0)
        return read_gpt(&d, first + 4096, 4096, e);
    return read_mbr(&d, first, e);
}
