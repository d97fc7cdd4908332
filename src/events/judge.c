/* SPDX-License-Identifier: Apache-2.0 */
#include "events/judge.h"

#include <string.h>

#include "events/civil.h"
#include "events/logfiles.h"

const char *const judge_words[] = {
    [JUDGE_NO] = "no", [JUDGE_YES] = "yes", [JUDGE_UNSURE] = "unsure",
};

static bool is_on(const struct store_place *p)
{
    return p->path || p->offset != STORE_NOWHERE;
}

/* ------------------------------------------------------------------- gaps */

/* Something of the file systems was not read, and nobody knows what. */
static bool is_blind(const struct events *s, unsigned side)
{
    const struct events_side *x = &s->sides[side];

    return x->failed || x->is_blind || x->sum.left_out || s->store.dropped;
}

/* A file of the same log was not read there. */
static bool has_gap_of(const struct events_side *x, const char *path)
{
    size_t n = logfiles_stem(path);

    for (size_t i = 0; i < x->gap_count; i++)
        if (logfiles_stem(x->gaps[i].path) == n
            && strncmp(x->gaps[i].path, path, n) == 0)
            return true;
    return false;
}

/* Could it be in a file of this side that was not read?  Where what was
 * carved came from nobody knows. */
static bool may_be_there(const struct events *s, const struct store_event *k,
                         unsigned side)
{
    const char *path = k->place[0].path ? k->place[0].path
        : k->place[1].path;

    if (is_blind(s, side))
        return true;
    return path ? has_gap_of(&s->sides[side], path)
         : s->sides[side].gap_count > 0;
}

/* ----------------------------------------------------------------- answers */

static enum judge_answer is_gone(const struct events *s,
                                 const struct store_event *k)
{
    unsigned last = s->nsides - 1;

    if (k->place[last].path)
        return JUDGE_NO;
    return k->is_shadow || may_be_there(s, k, last) ? JUDGE_UNSURE
         : JUDGE_YES;
}

static enum judge_answer is_new(const struct events *s,
                                const struct store_event *k)
{
    if (s->nsides < 2 || !is_on(&k->place[1]) || is_on(&k->place[0]))
        return JUDGE_NO;
    return k->is_shadow || may_be_there(s, k, 0) || s->sides[0].lost
        || s->sides[0].uncarved ? JUDGE_UNSURE : JUDGE_YES;
}

struct judgement judge(const struct events *s, const struct store_event *k)
{
    return (struct judgement){ is_new(s, k), is_gone(s, k) };
}

/* -------------------------------------------------------------------- time */

static int year_of(int64_t us)
{
    struct civil c;

    civil_of(us, &c);
    return c.year;
}

static bool in_some_year(const struct events_options *o, int64_t time)
{
    int last = o->to_us == INT64_MAX ? 9999 : year_of(o->to_us);

    for (int y = o->from_us == INT64_MIN ? 1 : year_of(o->from_us); y <= last;
         y++) {
        int64_t t = civil_move(time, y);

        if (t >= o->from_us && t < o->to_us)
            return true;
    }
    return false;
}

bool judge_is_within(const struct events *s, const struct store_event *k)
{
    if (k->year == EVENT_YEAR_UNKNOWN)
        return in_some_year(s->opt, k->time);
    return k->time >= s->opt->from_us && k->time < s->opt->to_us;
}

bool judge_is_told(const struct events *s, const struct store_event *k)
{
    struct judgement j = judge(s, k);

    return !k->is_hidden && judge_is_within(s, k)
        && (!s->opt->only_new || j.is_new)
        && (!s->opt->only_gone || j.is_gone);
}
