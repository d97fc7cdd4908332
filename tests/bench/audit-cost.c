/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the log and the block manifest of an acquisition, and nothing else:
 * what the records alone cost.
 *
 *   audit-cost FOLDER BLOCKS EVENTS
 *
 * makes FOLDER/cost.blocks with BLOCKS rows and FOLDER/cost.log.jsonl with
 * EVENTS events of the usual length, through the program's own code. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/log.h"
#include "audit/manifest.h"
#include "base/scope.h"

#define BLOCK (512u * 1024)

static int rows(const char *folder, uint32_t n, struct err *e)
{
    unsigned char file[MANIFEST_HASH];
    unsigned char root[MANIFEST_HASH];
    struct manifest_header h = {
        .snapshot = "snap-0123456789abcdef0",
        .volume_size = (uint64_t)n * BLOCK,
        .block_size = BLOCK,
        .started = clock_wall(&clock_system),
    };
    struct manifest_row row = {
        .attempts = 1,
        .class = BLOCK_STORED,
        .provider = true,
        .request_id = "01234567-89ab-cdef-fedc-ba9876543210",
    };
    autofree char *path = NULL;
    struct manifest *m;
    int r = 0;

    if (asprintf(&path, "%s/cost.blocks", folder) < 0)
        return err_nomem(e);
    m = manifest_create(path, &h, e);
    if (!m)
        return -1;
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        row.index = i;
        row.time = clock_wall(&clock_system);
        memcpy(row.sha256, &i, sizeof(i));
        r = manifest_add(m, &row, e);
    }
    if (r == 0)
        r = manifest_finish(m, file, root, e);
    manifest_free(m);
    return r;
}

static int events(const char *folder, uint32_t n, struct err *e)
{
    autofree char *path = NULL;
    struct err ignored = ERR_INIT;
    struct log *l;
    int r = 0;

    if (asprintf(&path, "%s/cost.log.jsonl", folder) < 0)
        return err_nomem(e);
    l = log_create(path, &clock_system, e);
    if (!l)
        return -1;
    for (uint32_t i = 0; r == 0 && i < n; i++) {
        autorecord struct record record = RECORD_INIT;

        record_str(&record, "text", "as long as most of the events are");
        record_u64(&record, "number", i);
        record_time(&record, "when", clock_wall(&clock_system));
        r = log_write(l, "cost", &record, e);
    }
    return log_close(l, r < 0 ? &ignored : e) < 0 ? -1 : r;
}

int main(int argc, char **argv)
{
    struct err e = ERR_INIT;

    if (argc != 4) {
        fputs("usage: audit-cost FOLDER BLOCKS EVENTS\n", stderr);
        return 2;
    }
    if (rows(argv[1], (uint32_t)strtoul(argv[2], NULL, 10), &e) < 0
        || events(argv[1], (uint32_t)strtoul(argv[3], NULL, 10), &e) < 0) {
        fprintf(stderr, "audit-cost: %s\n", e.msg);
        return 1;
    }
    return 0;
}
