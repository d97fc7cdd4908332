/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-log.h"

#include <string.h>

#include "fs/big.h"

/* The log is a ring of blocks of 512 bytes.  Each begins with the number of
 * the round in which it was written; a record with a magic number before
 * that. */
enum {
    BLOCK = 512,
    MAGIC = 0xfeedbabe,
    AT_ROUND = 4, AT_VERSION = 8, AT_SIZE = 12, AT_OPERATIONS = 40,
    AT_BUFFER = 320,           /* size of the kernel's buffers then */
    BACK = 1100,               /* blocks; a record has 256 KiB at most, and
                                * its headers */
    OP_FLAGS = 9, OP_UNMOUNT = 0x20,
    A_HEADER = 32768,          /* bytes for which a header has one block */
    RECORD_MAX = 262144,
};

struct ring {
    struct xfs_volume *v;
    uint64_t offset;           /* in the source */
    uint64_t blocks;
    unsigned char bytes[BLOCK];
};

static int get(struct ring *g, uint64_t block, struct err *e)
{
    return xfs_volume_read(g->v, g->offset + block % g->blocks * BLOCK,
                           g->bytes, BLOCK, e);
}

static bool is_record(const struct ring *g)
{
    return be32_at(g->bytes) == MAGIC;
}

static int round_of(struct ring *g, uint64_t block, uint32_t *round,
                    struct err *e)
{
    if (get(g, block, e) < 0)
        return -1;
    *round = be32_at(g->bytes + (is_record(g) ? AT_ROUND : 0));
    return 0;
}

/* The first block that is of another round than the first: where the log was
 * being written. */
static int find_head(struct ring *g, uint64_t *head, struct err *e)
{
    uint64_t low = 0, high = g->blocks;
    uint32_t first, at;

    if (round_of(g, 0, &first, e) < 0)
        return -1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;

        if (round_of(g, middle, &at, e) < 0)
            return -1;
        if (at == first)
            low = middle;
        else
            high = middle;
    }
    *head = high;
    return 0;
}

/* The record that was written last.  1; 0: there is none near. */
static int find_record(struct ring *g, uint64_t head, uint64_t *record,
                       struct err *e)
{
    for (uint64_t back = 1; back <= BACK && back <= g->blocks; back++) {
        *record = (head + g->blocks - back) % g->blocks;
        if (get(g, *record, e) < 0)
            return -1;
        if (is_record(g))
            return 1;
    }
    return 0;
}

/* The blocks of a record's header, and of what follows it; both are 0 for
 * what is no record that Linux writes. */
struct extent {
    uint64_t header, body;
};

static struct extent extent_of(const struct ring *g)
{
    uint32_t size = be32_at(g->bytes + AT_SIZE);
    uint32_t buffer = be32_at(g->bytes + AT_BUFFER);
    struct extent x = { .header = 1 };

    if (!is_record(g) || size > RECORD_MAX || buffer > RECORD_MAX)
        return (struct extent){ 0 };
    if ((be32_at(g->bytes + AT_VERSION) & 2) && buffer > A_HEADER)
        x.header = (buffer + A_HEADER - 1) / A_HEADER;
    x.body = (size + BLOCK - 1) / BLOCK;
    return x;
}

/* The record in g->bytes, at `record', is of one operation, an unmount, and
 * ends at `head': *is. */
static int is_unmount(struct ring *g, uint64_t record, uint64_t head,
                      bool *is, struct err *e)
{
    struct extent x = extent_of(g);

    *is = false;
    if (be32_at(g->bytes + AT_OPERATIONS) != 1 || x.header == 0
        || (record + x.header + x.body) % g->blocks != head % g->blocks)
        return 0;
    if (get(g, record + x.header, e) < 0)
        return -1;
    *is = g->bytes[OP_FLAGS] & OP_UNMOUNT;
    return 0;
}

/* The whole log: it is also clean when nothing was ever written. */
static int search_end(struct ring *g, bool *clean, struct err *e)
{
    uint64_t head, record;
    uint32_t first;
    int r;

    *clean = false;
    if (round_of(g, 0, &first, e) < 0)
        return -1;
    if (first == 0)
        return *clean = true, 0;
    if (find_head(g, &head, e) < 0)
        return -1;
    r = find_record(g, head, &record, e);
    return r > 0 ? is_unmount(g, record, head, clean, e) : r;
}

/* The superblock is written last before an unmount, and names the record that
 * holds it: the unmount is the next one, and ends the log. */
static int follow_superblock(struct ring *g, bool *clean, struct err *e)
{
    uint64_t at = g->v->super.lsn & UINT32_MAX, end;
    uint32_t round, after;
    struct extent x;

    *clean = false;
    if (g->v->super.lsn == 0 || at >= g->blocks)
        return 0;
    for (unsigned step = 0; step < 2 && !*clean; step++) {
        if (get(g, at, e) < 0)
            return -1;
        x = extent_of(g);
        if (x.header == 0)
            return 0;
        round = be32_at(g->bytes + AT_ROUND);
        end = at + x.header + x.body;
        if (is_unmount(g, at, end, clean, e) < 0
            || round_of(g, end, &after, e) < 0)
            return -1;
        *clean = *clean && after != round + (end >= g->blocks);
        at = end % g->blocks;
    }
    return 0;
}

static int look(struct ring *g, bool search, enum xfs_log *state,
                struct err *e)
{
    bool clean;

    if (follow_superblock(g, &clean, e) < 0)
        return -1;
    if (!clean && !search)
        return 0;
    if (!clean && search_end(g, &clean, e) < 0)
        return -1;
    *state = clean ? XFS_LOG_CLEAN : XFS_LOG_OPEN;
    return 0;
}

int xfs_log_state(struct xfs_volume *v, bool search, enum xfs_log *state,
                  struct err *e)
{
    const struct xfs_super *s = &v->super;
    struct ring g = { .v = v };
    struct err why = ERR_INIT;

    *state = XFS_LOG_ELSEWHERE;
    if (s->log_start == 0)
        return 0;
    *state = XFS_LOG_UNKNOWN;
    if (xfs_volume_place(v, s->log_start, s->log_blocks, &g.offset, &why) < 0)
        return 0;
    g.blocks = (uint64_t)s->log_blocks << (s->block_log - 9);
    if (look(&g, search, state, &why) == 0)
        return 0;
    if (why.kind == ERR_SOURCE || why.kind == ERR_VERIFY)
        return 0;
    *e = why;
    return -1;
}

