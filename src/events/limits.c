/* SPDX-License-Identifier: Apache-2.0 */
#include "events/limits.h"

#include <inttypes.h>
#include <stddef.h>

#include "events/events.h"

static uint64_t sum(const struct events *s, size_t field)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < s->nsides; i++)
        n += *(const uint64_t *)((const char *)&s->sides[i] + field);
    return n;
}

#define SUM(s, field) sum(s, offsetof(struct events_side, field))

bool events_have_reserve(const struct events *s)
{
    bool reserve = s->store.dropped > 0;

    for (unsigned i = 0; i < s->nsides; i++) {
        const struct events_side *x = &s->sides[i];

        reserve |= x->failed || x->sum.left_out || x->lost || x->gap_count
            || x->uncarved;
    }
    return reserve;
}

/* ------------------------------------------------------------------ faults */

static int add_side(const struct events *s, unsigned side, struct notes *n,
                    struct err *e)
{
    const struct events_side *x = &s->sides[side];

    if (x->failed
        && notes_add(n, e, "%c: the file systems could not be read to their "
                     "end: %s", (int)events_letter(side), x->why.msg) < 0)
        return -1;
    if (x->sum.left_out
        && notes_add(n, e, "%c: %" PRIu64 " parts or files of the file "
                     "systems could not be read", (int)events_letter(side),
                     x->sum.left_out) < 0)
        return -1;
    if (x->uncarved
        && notes_add(n, e, "%c: %" PRIu64 " times blocks were not carved to "
                     "their end: %s", (int)events_letter(side), x->uncarved,
                     x->how) < 0)
        return -1;
    return x->lost ? notes_add(n, e, "%c: %" PRIu64 " reads of blocks failed, "
                               "and what should be there was not looked into",
                               (int)events_letter(side), x->lost) : 0;
}

static int add_faults(const struct events *s, struct notes *n, struct err *e)
{
    for (unsigned i = 0; i < s->nsides; i++)
        if (add_side(s, i, n, e) < 0)
            return -1;
    for (size_t i = 0; i < s->notes.count; i++)
        if (notes_add(n, e, "%s", s->notes.list[i]) < 0)
            return -1;
    if (s->notes_dropped
        && notes_add(n, e, "there is more to be said of %" PRIu64 " files",
                     s->notes_dropped) < 0)
        return -1;
    return s->store.dropped
        ? notes_add(n, e, "%" PRIu64 " entries were not kept, so new and gone "
                    "are sure of none: a shorter time (--from, --to) or more "
                    "memory (--memory) helps", s->store.dropped) : 0;
}

/* ------------------------------------------------------------------- files */

static int add_counts(const struct events *s, struct notes *n, struct err *e)
{
    uint64_t unknown = SUM(s, unknown), untimed = SUM(s, untimed);
    uint64_t deleted = SUM(s, deleted);

    if (unknown
        && notes_add(n, e, "files in places of logs without entries of a "
                     "kind that is known here: %" PRIu64, unknown) < 0)
        return -1;
    if (untimed
        && notes_add(n, e, "shell histories without times: %" PRIu64,
                     untimed) < 0)
        return -1;
    return deleted
        ? notes_add(n, e, "deleted names of logs: %" PRIu64 "; what is left of "
                    "them is in blocks", deleted) : 0;
}

static int add_zone(const struct events *s, unsigned side, struct notes *n,
                    struct err *e)
{
    const char *zone = s->sides[side].zone;

    if (!zone)
        return notes_add(n, e, "%c: /etc does not say in which zone its local "
                         "times are (--zone)", (int)events_letter(side));
    return notes_add(n, e, "%c: its local times are of the zone %s, by /etc "
                     "(--zone)", (int)events_letter(side), zone);
}

static int add_times(const struct events *s, struct notes *n, struct err *e)
{
    if (s->opt->zone)
        return notes_add(n, e, "local times were taken as of %s, as --zone "
                         "says", s->opt->zone);
    if (notes_add(n, e, "local times (marked z) were taken as UTC") < 0)
        return -1;
    for (unsigned i = 0; i < s->nsides; i++)
        if (add_zone(s, i, n, e) < 0)
            return -1;
    return 0;
}

/* ------------------------------------------------------------------ always */

static int add_blocks(const struct events *s, struct notes *n, struct err *e)
{
    if (s->opt->no_carving)
        return notes_add(n, e, "only files were looked into, no blocks "
                         "(--no-carving)");
    if (s->nsides == 2
        && notes_add(n, e, "only blocks that differ were carved%s",
                     s->diff.listed ? ", of those that EBS lists as changed"
                                    : "") < 0)
        return -1;
    return notes_add(n, e, "an entry that was carved may be of a file that is "
                     "no log (a copy, swap), and one that lies in pieces is "
                     "not found whole");
}

static int add_usual(const struct events *s, struct notes *n, struct err *e)
{
    if (notes_add(n, e, "what is encrypted or compressed was not looked into, "
                  "but for log files packed with gzip; nor logs in databases "
                  "(lastlog2, wtmpdb) and of other forms than this program "
                  "knows") < 0)
        return -1;
    return s->outside
        ? notes_add(n, e, "%" PRIu64 " times an entry was outside of --from "
                    "and --to", s->outside) : 0;
}

int events_limits(const struct events *s, struct notes *n, struct err *e)
{
    return add_faults(s, n, e) < 0 || add_counts(s, n, e) < 0
        || add_times(s, n, e) < 0 || add_blocks(s, n, e) < 0
        || add_usual(s, n, e) < 0 ? -1 : 0;
}
