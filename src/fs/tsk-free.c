/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks that a bitmap, or a table, says are free. */

#ifdef HAVE_TSK

#include "fs/tsk-private.h"

struct freed {
    tsk_on_region *region;
    void *ctx;
    struct fs_region run;      /* not told yet; size 0: none */
    struct err *e;
    bool failed;               /* `e' says why */
};

static int flush(struct freed *w)
{
    struct fs_region r = w->run;

    w->run.size = 0;
    return r.size ? w->region(w->ctx, &r, w->e) : 0;
}

static TSK_WALK_RET_ENUM on_block(const TSK_FS_BLOCK *b, void *ctx)
{
    struct freed *w = ctx;
    uint64_t unit = b->fs_info->block_size, at = b->addr * unit;

    if (!(b->flags & TSK_FS_BLOCK_FLAG_UNALLOC))
        return TSK_WALK_CONT;
    if (w->run.size && at == w->run.offset + w->run.size) {
        w->run.size += unit;
        return TSK_WALK_CONT;
    }
    w->failed = flush(w) < 0;
    w->run = (struct fs_region){ at, unit, FS_USE_FREE };
    return w->failed ? TSK_WALK_ERROR : TSK_WALK_CONT;
}

int tsk_free_regions(struct fs *f, uint64_t first, uint64_t end,
                     tsk_on_region *region, void *ctx, struct err *e)
{
    struct freed w = { .region = region, .ctx = ctx, .e = e };
    uint64_t last = f->info->last_block_act;

    if (end > last + 1)
        end = last + 1;
    if (first >= end)
        return 0;
    if (tsk_fs_block_walk(f->info, first, end - 1,
                          TSK_FS_BLOCK_WALK_FLAG_UNALLOC
                          | TSK_FS_BLOCK_WALK_FLAG_AONLY, on_block, &w))
        return w.failed ? -1 : tsk_fail(f, e);
    return flush(&w);
}

#endif
