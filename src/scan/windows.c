/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/windows.h"

#include "base/thread.h"

void windows_init(struct windows *w, const struct blockset *core)
{
    *w = (struct windows){ .core = core };
    pthread_mutex_init(&w->lock, NULL);
}

void windows_destroy(struct windows *w)
{
    pthread_mutex_destroy(&w->lock);
}

static uint64_t end_of(const struct windows *w, uint64_t first)
{
    uint64_t end = first + 1;

    while (end < first + WINDOW_BLOCKS && blockset_has(w->core, end))
        end++;
    return end;
}

static bool begins_run(const struct windows *w, uint64_t first)
{
    return first == 0 || !blockset_has(w->core, first - 1);
}

bool windows_next(struct windows *w, struct window_part *p)
{
    AUTOLOCK(&w->lock);
    uint64_t first = blockset_next(w->core, w->next);
    uint64_t end;

    if (first == BLOCKSET_END)
        return false;
    end = end_of(w, first);
    w->next = end;
    w->done += end - first;
    p->core = first * BLOCK_SIZE;
    p->core_end = end * BLOCK_SIZE;
    p->from = first ? p->core - WINDOW_MARGIN : 0;
    p->to = p->core_end + WINDOW_MARGIN;
    p->own = begins_run(w, first) ? p->from : p->core;
    p->own_end = p->core_end;
    return true;
}

uint64_t windows_done(struct windows *w)
{
    AUTOLOCK(&w->lock);

    return w->done;
}
