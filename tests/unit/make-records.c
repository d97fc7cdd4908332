/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a log, a block manifest and the raw image that they speak of, so
 * that the recipes of the format documents have something to judge:
 *
 *   make-records FOLDER
 *
 * makes FOLDER/x.log.jsonl, x.blocks, x.dd and prints what must come out,
 * "head HEX", "root HEX", "file HEX" and one line "row ..." for each record,
 * computed by the program's own code. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "audit/log.h"
#include "audit/manifest.h"
#include "base/scope.h"

#define BLOCK (512u * 1024)
#define VOLUME_BLOCKS 16u
#define STARTED 1785585600000000000ull /* 2026-08-01T12:00:00Z */

static const struct {
    uint32_t index;
    enum block_class class;
    const char *request_id;
    unsigned attempts;
    uint64_t ms;
    bool provider;
} blocks[] = {
    { 0, BLOCK_STORED, "01234567-89ab-cdef-fedc-ba9876543210", 1, 12, true },
    { 1, BLOCK_ZERO, "11111111-2222-3333-4444-555555555555", 3, 70000, true },
    { 5, BLOCK_STORED, "not a uuid", 70000, 1ull << 40, true },
    { 6, BLOCK_UNREADABLE, "99999999-0000-0000-0000-000000000009", 8, 300,
      true },
    { 7, BLOCK_UNREADABLE, "", 8, 301, false },
    { 15, BLOCK_STORED, "ffffffff-ffff-ffff-ffff-ffffffffffff", 256, 65536,
      true },
};
#define BLOCKS (sizeof(blocks) / sizeof(blocks[0]))

static void die(const struct err *e)
{
    fprintf(stderr, "make-records: %s\n", e->msg);
    exit(1);
}

static char *path_of(const char *folder, const char *name)
{
    char *path;

    if (asprintf(&path, "%s/x%s", folder, name) < 0)
        abort();
    return path;
}

/* ---- the image */

static const unsigned char *block_data(size_t i)
{
    static unsigned char data[BLOCK];

    for (size_t k = 0; k < BLOCK; k++)
        data[k] = blocks[i].class == BLOCK_ZERO
            ? 0 : (unsigned char)(k * 7 + k / 509 + i);
    return data;
}

static void write_image(const char *folder)
{
    autofree char *path = path_of(folder, ".dd");
    autofclose FILE *f = fopen(path, "w");

    if (!f || ftruncate(fileno(f), (off_t)VOLUME_BLOCKS * BLOCK) < 0)
        abort();
    for (size_t i = 0; i < BLOCKS; i++) {
        if (blocks[i].class != BLOCK_STORED)
            continue;
        fseeko(f, (off_t)blocks[i].index * BLOCK, SEEK_SET);
        if (fwrite(block_data(i), 1, BLOCK, f) != BLOCK)
            abort();
    }
}

/* ---- the manifest */

static void print_hex(const char *name, const unsigned char *value)
{
    char hex[65];

    hex_encode(hex, value, 32);
    printf("%s %s\n", name, hex);
}

/* What `list-records' must print, from the table above. */
static void print_row(size_t i, const struct manifest_row *row)
{
    char hex[65];
    bool uuid = strlen(row->request_id) == 36;

    hex_encode(hex, row->sha256, 32);
    if (!row->provider)
        memset(hex, '0', 64);
    printf("row %" PRIu32 " %d %d %u %" PRIu64 " %s %s\n", row->index,
           (int)row->class, !uuid + 2 * row->provider,
           row->attempts < 65535 ? row->attempts : 65535,
           blocks[i].ms < UINT32_MAX ? blocks[i].ms : UINT32_MAX,
           uuid ? row->request_id : "-", hex);
}

static void add_row(struct manifest *m, size_t i)
{
    struct manifest_row row = {
        .index = blocks[i].index,
        .time = STARTED + blocks[i].ms * NS_PER_MS,
        .attempts = blocks[i].attempts,
        .class = blocks[i].class,
        .provider = blocks[i].provider,
    };
    struct err e = ERR_INIT;

    strcpy(row.request_id, blocks[i].request_id);
    hash_sha256(block_data(i), BLOCK, row.sha256);
    if (manifest_add(m, &row, &e) < 0)
        die(&e);
    print_row(i, &row);
}

static void write_manifest(const char *folder, unsigned char file[32],
                           unsigned char root[32])
{
    static const struct manifest_header header = {
        "snap-0123456789abcdef0", (uint64_t)VOLUME_BLOCKS * BLOCK, BLOCK,
        STARTED
    };
    autofree char *path = path_of(folder, ".blocks");
    struct err e = ERR_INIT;
    struct manifest *m = manifest_create(path, &header, &e);

    if (!m)
        die(&e);
    for (size_t i = 0; i < BLOCKS; i++)
        add_row(m, i);
    if (manifest_finish(m, file, root, &e) < 0)
        die(&e);
    manifest_free(m);
    print_hex("file", file);
    print_hex("root", root);
}

/* ---- the log */

static void event(struct log *l, const char *name, const struct record *r)
{
    struct err e = ERR_INIT;

    if (log_write(l, name, r, &e) < 0)
        die(&e);
}

static void write_log(const char *folder, const unsigned char file[32],
                      const unsigned char root[32])
{
    autofree char *path = path_of(folder, ".log.jsonl");
    autorecord struct record snapshot = RECORD_INIT;
    autorecord struct record manifest = RECORD_INIT;
    struct err e = ERR_INIT;
    struct log *l = log_create(path, &clock_system, &e);
    unsigned char head[LOG_HASH];

    if (!l)
        die(&e);
    event(l, "start", NULL);
    record_str(&snapshot, "description", "  %s \\1 & ' \"quoted\" \\n \n \x1b "
               "\xe2\x98\x83 \xff {\"seq\":1} \",\"prev\":\" ");
    event(l, "snapshot", &snapshot);
    record_hex(&manifest, "sha256", file, 32);
    record_hex(&manifest, "root", root, 32);
    event(l, "manifest", &manifest);
    event(l, "end", NULL);
    log_head(l, head);
    if (log_close(l, &e) < 0)
        die(&e);
    print_hex("head", head);
}

int main(int argc, char **argv)
{
    unsigned char file[32];
    unsigned char root[32];

    if (argc != 2)
        return 2;
    write_image(argv[1]);
    write_manifest(argv[1], file, root);
    write_log(argv[1], file, root);
    return 0;
}
