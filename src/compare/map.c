/* SPDX-License-Identifier: Apache-2.0 */
/* The volume as a map of 64 times 64 cells: what differs, and where.  How it
 * looks is in map-draw.c. */
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "compare/map-private.h"

struct diff_map *diff_map_new(const struct diff *d, struct err *e)
{
    struct diff_map *m = calloc(1, sizeof(*m));

    if (!m) {
        err_nomem(e);
        return NULL;
    }
    m->blocks = d->blocks ? d->blocks : 1;
    m->each = (m->blocks + MAP_CELLS - 1) / MAP_CELLS;
    return m;
}

static enum paint paint_of(const struct diff_block *b)
{
    if (b->state == DIFF_UNREADABLE)
        return PAINT_UNREADABLE;
    if (b->state == DIFF_EQUAL)
        return PAINT_EQUAL;
    if (b->state == DIFF_LISTED)
        return PAINT_LISTED;
    return b->kind == DIFF_ADDED ? PAINT_ADDED
        : b->kind == DIFF_REMOVED ? PAINT_REMOVED : PAINT_CHANGED;
}

void diff_map_block(struct diff_map *m, const struct diff_block *b)
{
    m->counts[b->index / m->each][paint_of(b)]++;
}

static void count_stored(struct diff_map *m, const struct diff *d)
{
    for (int i = 0; i < 2; i++) {
        const struct blockset *s = d->sides[i].volume.stored;
        uint64_t at = s ? blockset_next(s, 0) : BLOCKSET_END;

        for (; at != BLOCKSET_END; at = blockset_next(s, at + 1))
            if (i == 0 || !blockset_has(d->sides[0].volume.stored, at))
                m->counts[at / m->each][PAINT_STORED]++;
    }
}

int diff_map_write(struct diff_map *m, const struct diff *d,
                   const char *path, struct err *e)
{
    autotext struct text t = TEXT_INIT;
    int fd;
    int r;

    count_stored(m, d);
    diff_map_draw(&t, m, d);
    if (t.failed)
        return err_nomem(e);
    if (file_create(path, &fd, e) < 0)
        return -1;
    r = file_write(fd, t.s, t.len, path, e);
    close(fd);
    return r;
}

void diff_map_free(struct diff_map *m)
{
    free(m);
}
