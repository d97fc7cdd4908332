/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/streams.h"

#include <stdbool.h>

#include "base/thread.h"

/* Reads that are under way at once arrive in any order: that many blocks
 * before or behind its place a reader is still the same. */
#define BEHIND 8u
#define BEFORE 4u

/* Two steps in order may be chance. */
#define RUN_MIN 2u

static bool is_near(const struct stream *t, uint64_t first)
{
    return t->used && first + BEHIND >= t->last && first <= t->last + BEFORE;
}

/* Whose read it is: the one near by, or the one not heard of for longest. */
static struct stream *find(struct streams *s, uint64_t first)
{
    struct stream *old = &s->at[0];

    for (unsigned i = 0; i < STREAMS; i++) {
        if (is_near(&s->at[i], first))
            return &s->at[i];
        if (s->at[i].used < old->used)
            old = &s->at[i];
    }
    return old;
}

/* Several connections may share out a volume: where the next one began, it
 * has been. */
static uint64_t clip(const struct streams *s, uint64_t last, uint64_t target)
{
    for (unsigned i = 0; i < STREAMS; i++) {
        const struct stream *t = &s->at[i];

        if (t->used && t->first > last && t->first <= target)
            target = t->first - 1;
    }
    return target;
}

static uint64_t go_on(const struct streams *s, struct stream *t,
                      uint64_t last, uint64_t most, uint64_t *from)
{
    uint64_t ahead, target;

    t->run += last - t->last;
    t->last = last;
    if (t->asked < last)
        t->asked = last;
    ahead = t->run < RUN_MIN ? 0 : t->run < most / 2 ? t->run * 2 : most;
    target = clip(s, last, last + ahead);
    if (target <= t->asked)
        return 0;
    *from = t->asked + 1;
    t->asked = target;
    return target - *from + 1;
}

uint64_t streams_note(struct streams *s, uint64_t first, uint64_t last,
                      uint64_t most, uint64_t *from)
{
    AUTOLOCK(&s->lock);
    struct stream *t = find(s, first);
    bool goes_on = is_near(t, first);

    if (!goes_on)
        *t = (struct stream){ .first = first, .last = last, .asked = last };
    t->used = ++s->reads;
    return goes_on && last > t->last ? go_on(s, t, last, most, from)
                                    : 0;
}
