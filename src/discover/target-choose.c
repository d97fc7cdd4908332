/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the snapshots of one thing are meant. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "discover/target-private.h"
#include "show/tell.h"

/* So many are shown to choose from; a command shows all. */
#define SHOWN_MAX 40

/* ------------------------------------------------------------- one volume */

static const char *volume_of(const struct row *r)
{
    return r->snapshot.volume_id ? r->snapshot.volume_id : "";
}

/* Those of an image stand for themselves: each is one device. */
static bool same_volume(const struct found *f, size_t i, size_t k)
{
    return f->kind != RESOURCE_IMAGE
        && strcmp(volume_of(&f->rows[i]), volume_of(&f->rows[k])) == 0;
}

static size_t end_of_volume(const struct found *f, size_t from)
{
    size_t to = from + 1;

    while (to < f->count && same_volume(f, from, to))
        to++;
    return to;
}

static void add_place(struct text *t, const struct found *f,
                      const struct row *r)
{
    if (r->device.len)
        text_addf(t, ", %s of %s", r->device.s, f->name);
    else if (f->kind != RESOURCE_VOLUME)
        text_addf(t, ", of %s", f->name);
}

/* "the latest of 3 of vol-..., /dev/xvda of i-...". */
static char *how_of(const struct finder *find, const struct found *f,
                    const struct row *r, size_t of, size_t newer,
                    struct err *e)
{
    struct text t = TEXT_INIT;

    if (of == 1)
        text_add(&t, "the only one");
    else if (find->choice->all)
        text_addf(&t, "one of %zu", of);
    else if (find->choice->latest)
        text_addf(&t, "the latest of %zu", of);
    else
        text_addf(&t, "the last until %s of %zu", find->choice->at, of);
    if (!ec2_volume_meaningless(volume_of(r)))
        text_addf(&t, " of %s", volume_of(r));
    add_place(&t, f, r);
    if (newer)
        text_addf(&t, "; %zu newer cannot be read", newer);
    if (t.failed) {
        text_free(&t);
        err_nomem(e);
    }
    return t.s;
}

static int take(struct finder *find, const struct found *f,
                const struct row *r, size_t of, size_t newer, struct err *e)
{
    char *how = how_of(find, f, r, of, newer, e);

    return how ? target_add(find->out, r->snapshot.id, how, e) : -1;
}

static bool can_be_read(const struct row *r, struct err *why)
{
    return ec2_snapshot_usable(&r->snapshot, r->snapshot.id, why) == 0;
}

static int no_order(const struct row *r, const char *why, struct err *e)
{
    return err_set(e, ERR_USAGE, 0, "%s %s, so that nobody can say which is "
                   "the last one: name the snapshot", r->snapshot.id, why);
}

/* The newest that is old enough and can be read; newer ones that cannot are
 * told. */
static int take_newest(struct finder *find, const struct found *f,
                       size_t from, size_t to, struct err *e)
{
    size_t newer = 0;

    for (size_t i = to; i-- > from;) {
        const struct row *r = &f->rows[i];
        struct err why = ERR_INIT;

        if (!r->start)
            return no_order(r, "has no start time", e);
        if (find->at && r->start > find->at)
            continue;
        if (!can_be_read(r, &why)) {
            tell_warning("%s is newer than what is taken, but: %s",
                         r->snapshot.id, why.msg);
            newer++;
            continue;
        }
        if (i > from && f->rows[i - 1].start == r->start
            && can_be_read(&f->rows[i - 1], &why))
            return no_order(r, "and another one began at the same moment", e);
        return take(find, f, r, to - from, newer, e);
    }
    return notes_add(&find->out->missing, e, "there is no snapshot of %s to "
                     "take%s%s", volume_of(&f->rows[from]),
                     find->at ? " that was begun by " : "",
                     find->at ? find->choice->at : "");
}

static int take_any(struct finder *find, const struct found *f,
                    const struct row *r, size_t of, struct err *e)
{
    struct err why = ERR_INIT;

    if (can_be_read(r, &why))
        return take(find, f, r, of, 0, e);
    return notes_add(&find->out->missing, e, "%s is left out: %s",
                     r->snapshot.id, why.msg);
}

static int take_all(struct finder *find, const struct found *f, size_t from,
                    size_t to, struct err *e)
{
    for (size_t i = from; i < to; i++)
        if (take_any(find, f, &f->rows[i], to - from, e) < 0)
            return -1;
    return 0;
}

/* -------------------------------------------------------------- one thing */

static void show_row_of(const struct found *f, const struct row *r)
{
    struct err why = ERR_INIT;
    autotext struct text place = TEXT_INIT;

    add_place(&place, f, r);
    tell_always("  %s  %s  %s%s, %" PRIu64 " GiB%s%s", r->snapshot.id,
                r->snapshot.start_time ? r->snapshot.start_time
                                       : "no start time",
                volume_of(r), place.s ? place.s : "",
                r->snapshot.volume_gib, can_be_read(r, &why) ? "" : "; ",
                why.msg);
}

static int ask_for_choice(const struct found *f, struct err *e)
{
    for (size_t i = 0; i < f->count && i < SHOWN_MAX; i++)
        show_row_of(f, &f->rows[i]);
    if (f->count > SHOWN_MAX)
        tell_always("  and %zu more: ebsimg list --%s %s",
                    f->count - SHOWN_MAX, resource_name(f->kind), f->name);
    return err_set(e, ERR_USAGE, 0, "%s stands for %zu snapshots, see above: "
                   "name one, or say --latest, --at TIME or --all", f->name,
                   f->count);
}

int target_choose(struct finder *find, const struct found *f, struct err *e)
{
    const struct target_choice *c = find->choice;
    bool chosen = c->latest || c->all || c->at;

    if (f->count > 1 && !chosen)
        return ask_for_choice(f, e);
    for (size_t i = 0, end; i < f->count; i = end) {
        end = end_of_volume(f, i);
        if ((c->latest || c->at ? take_newest(find, f, i, end, e)
                                : take_all(find, f, i, end, e)) < 0)
            return -1;
    }
    return 0;
}
