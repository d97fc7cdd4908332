/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/ext-map.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "fs/bytes.h"

/* Source: the kernel's Documentation/filesystems/ext4, "Extent Tree". */
enum {
    AT_SIZE = 4, AT_LINKS = 26, AT_FLAGS = 32, AT_BLOCKS = 40,
    AT_SIZE_HIGH = 108, ROOT = 60,
    FLAG_COMPRESSED = 0x4, FLAG_ENCRYPTED = 0x800, FLAG_EXTENTS = 0x80000,
    FLAG_INLINE = 0x10000000,
    MAGIC = 0xf30a, DEPTH_MAX = 5, ROW = 12, WRITTEN_MAX = 32768,
};

struct tree {
    const struct fs_source *source;
    const struct ext_layout *layout;
    struct ext_map *map;
    uint64_t next;             /* first block of the file not described yet */
};

/* -------------------------------------------------------------------- tree */

/* With room for one more; NULL leaves it as it was. */
static void *grow(void *p, size_t count, size_t *room, size_t each,
                  struct err *e)
{
    size_t more = *room ? *room * 2 : 16;
    void *q;

    if (count < *room)
        return p;
    if (count >= EXT_EXTENTS_MAX) {
        err_set(e, ERR_SOURCE, 0, "it has more than %u extents",
                EXT_EXTENTS_MAX);
        return NULL;
    }
    q = realloc(p, more * each);
    if (q)
        *room = more;
    else
        err_nomem(e);
    return q;
}

static int broken(struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "its tree of extents is damaged");
}

static bool is_outside(const struct tree *t, uint64_t block, uint64_t n)
{
    uint64_t all = t->source->size / t->layout->block_size;

    return block == 0 || block >= all || n > all - block;
}

static int add_extent(struct tree *t, const unsigned char *row,
                      struct err *e)
{
    struct ext_map *m = t->map;
    struct ext_extent *more;
    uint32_t blocks = le16_at(row + 4);
    struct ext_extent x = {
        .at = le32_at(row),
        .blocks = blocks > WRITTEN_MAX ? blocks - WRITTEN_MAX : blocks,
        .unwritten = blocks > WRITTEN_MAX,
        .start = le32_at(row + 8) | (uint64_t)le16_at(row + 6) << 32,
    };

    if (x.at < t->next || x.blocks == 0 || is_outside(t, x.start, x.blocks))
        return broken(e);
    t->next = (uint64_t)x.at + x.blocks;
    more = grow(m->extents, m->count, &m->room, sizeof(x), e);
    if (!more)
        return -1;
    m->extents = more;
    m->extents[m->count++] = x;
    return 0;
}

static int add_node(struct tree *t, const unsigned char *b, size_t size,
                    int depth, struct err *e);

/* An empty node would let a tree lead to the same nodes again and again. */
static int follow(struct tree *t, const unsigned char *row, int depth,
                  struct err *e)
{
    struct ext_map *m = t->map;
    size_t size = t->layout->block_size;
    autofree unsigned char *b = malloc(size);
    uint64_t block = le32_at(row + 4) | (uint64_t)le16_at(row + 8) << 32;
    uint64_t *more;

    if (!b)
        return err_nomem(e);
    if (is_outside(t, block, 1))
        return broken(e);
    more = grow(m->nodes, m->node_count, &m->node_room, sizeof(*more), e);
    if (!more)
        return -1;
    m->nodes = more;
    m->nodes[m->node_count++] = block;
    if (fs_source_read(t->source, block * size, b, size, e) < 0)
        return -1;
    return le16_at(b + 2) == 0 ? broken(e) : add_node(t, b, size, depth, e);
}

static int add_node(struct tree *t, const unsigned char *b, size_t size,
                    int depth, struct err *e)
{
    size_t rows = le16_at(b + 2);

    if (le16_at(b) != MAGIC || le16_at(b + 6) != depth
        || rows > (size - ROW) / ROW)
        return broken(e);
    for (size_t i = 0; i < rows; i++) {
        const unsigned char *row = b + ROW + i * ROW;

        if ((depth ? follow(t, row, depth - 1, e)
                   : add_extent(t, row, e)) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------- inode */

static int check_flags(const unsigned char *b, struct err *e)
{
    uint32_t flags = le32_at(b + AT_FLAGS);

    if (flags & FLAG_ENCRYPTED)
        return err_set(e, ERR_SOURCE, 0, "it is encrypted");
    if (flags & (FLAG_COMPRESSED | FLAG_INLINE))
        return err_set(e, ERR_SOURCE, 0, "not attributed: flag 0x%" PRIx32,
                       flags & (FLAG_COMPRESSED | FLAG_INLINE));
    return 0;
}

static int read_tree(struct tree *t, const unsigned char *b, struct err *e)
{
    const unsigned char *root = b + AT_BLOCKS;
    int depth = le16_at(root + 6);

    if (depth > DEPTH_MAX)
        return broken(e);
    if (add_node(t, root, ROOT, depth, e) < 0)
        return -1;
    /* The kernel empties the tree of a file that it deletes. */
    if (t->map->count == 0 && t->map->size && le16_at(b + AT_LINKS) == 0)
        return err_set(e, ERR_SOURCE, 0, "it is deleted, and where it was is "
                       "not known any more");
    return 0;
}

int ext_map_read(const struct fs_source *s, const struct ext_layout *l,
                 uint64_t inode, struct ext_map *m, struct err *e)
{
    struct tree t = { s, l, m, 0 };
    unsigned char b[EXT_INODE];

    *m = (struct ext_map){ 0 };
    if (ext_inode_read(s, l, inode, b, e) < 0 || check_flags(b, e) < 0)
        return -1;
    m->size = le32_at(b + AT_SIZE) | (uint64_t)le32_at(b + AT_SIZE_HIGH) << 32;
    m->has_extents = le32_at(b + AT_FLAGS) & FLAG_EXTENTS;
    if (!m->has_extents || read_tree(&t, b, e) == 0)
        return 0;
    ext_map_free(m);
    return -1;
}

void ext_map_free(struct ext_map *m)
{
    free(m->extents);
    free(m->nodes);
    *m = (struct ext_map){ 0 };
}

/* ------------------------------------------------------------------- bytes */

/* The first extent that ends behind this block. */
static size_t find(const struct ext_map *m, uint64_t block)
{
    size_t low = 0, high = m->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if ((uint64_t)m->extents[mid].at + m->extents[mid].blocks <= block)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* How many of `n' bytes from `offset' on lie together, and where: 0 for
 * zeros. */
static size_t run_at(const struct ext_map *m, uint32_t unit, uint64_t offset,
                     size_t n, uint64_t *where)
{
    size_t i = find(m, offset / unit);
    uint64_t begin, end;

    *where = 0;
    if (i == m->count)
        return n;
    begin = (uint64_t)m->extents[i].at * unit;
    end = begin + (uint64_t)m->extents[i].blocks * unit;
    if (offset < begin)
        return begin - offset < n ? (size_t)(begin - offset) : n;
    if (!m->extents[i].unwritten)
        *where = m->extents[i].start * unit + (offset - begin);
    return end - offset < n ? (size_t)(end - offset) : n;
}

int ext_map_bytes(const struct fs_source *s, const struct ext_layout *l,
                  const struct ext_map *m, uint64_t offset, void *to,
                  size_t n, size_t *got, struct err *e)
{
    unsigned char *at = to;

    *got = 0;
    if (offset >= m->size)
        return 0;
    if (n > m->size - offset)
        n = (size_t)(m->size - offset);
    for (size_t done = 0, part; done < n; done += part) {
        uint64_t where;

        part = run_at(m, l->block_size, offset + done, n - done, &where);
        if (!where)
            memset(at + done, 0, part);
        else if (fs_source_read(s, where, at + done, part, e) < 0)
            return -1;
    }
    *got = n;
    return 0;
}
