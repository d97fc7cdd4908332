/* SPDX-License-Identifier: Apache-2.0 */
#include "reconcile/reconcile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "readers/network.h"
#include "show/tell.h"

/* KMS is asked by EBS, and the address is mostly the name of that. */
static bool is_by_service(const struct reading *a)
{
    char network[NETWORK_ROOM];

    return a->call == READING_DECRYPT && !*network_of(network, a->address);
}

/* Of our keys it is ours alone where it has to do with what the run read. */
static int take_ours(struct reconcile *r, const struct reading *a,
                     struct err *e)
{
    struct named x = { .call = a->call, .block = a->block,
                       .time = a->seconds };
    int again = gather_again(&r->gather, a, e);
    enum unanswered u;

    if (again)
        return again < 0 ? -1 : 0;
    u = own_explain(&r->own, a);
    if (u == UNANSWERED_KEY && crowd_add(&r->ours, a, 0, "", false, e) < 0)
        return -1;
    if (!is_by_service(a)
        && crowd_add(&r->adrift, a, 0, a->address, false, e) < 0)
        return -1;
    snprintf(x.id, sizeof(x.id), "%s", a->request_id);
    return u == UNANSWERED_UNKNOWN ? names_note(&r->unexplained, &x, e) : 0;
}

/* Of an answered call that does not name its snapshot nobody can say that it
 * was for another. */
static bool may_be_ours(const struct reconcile *r, const struct reading *a,
                        int i)
{
    return strcmp(a->things[i], r->own.ev.log.snapshot) == 0
        || (i == 0 && !a->things[0][0] && !a->error[0]);
}

static int take_other(struct reconcile *r, const struct reading *a,
                      struct err *e)
{
    int again = gather_again(&r->gather, a, e);

    if (again < 0)
        return -1;
    for (int i = 0; i < 2; i++)
        if (may_be_ours(r, a, i)
            && crowd_add(&r->others, a, i, "", again, e) < 0)
            return -1;
    return 0;
}

/* Where the requests came from only those records tell that have their ids:
 * a key may be anywhere. */
static int take_witness(struct reconcile *r, const struct reading *a,
                        bool again, bool against, struct err *e)
{
    if (!against && few_add(&r->known, a->address, e) < 0)
        return -1;
    return crowd_add(&r->ours, a, 0, "", again, e);
}

/* Of a call that was refused nobody may know what it was for. */
static bool is_about(const struct reconcile *r, const struct reading *a)
{
    return own_is_about(&r->own, a->things[0])
        || own_is_about(&r->own, a->things[1]) || !a->things[0][0];
}

static int take(void *ctx, const cJSON *record, const struct reading *a,
                struct err *e)
{
    struct reconcile *r = ctx;
    bool against;
    enum witness w = own_witness(&r->own, record, a, &against);

    r->gather.copies += w == WITNESS_AGAIN;
    if (!a)
        return 0;
    if (w != WITNESS_NONE)
        return take_witness(r, a, w == WITNESS_AGAIN, against, e);
    if (is_about(r, a) && own_is_by_us(&r->own, a))
        return take_ours(r, a, e);
    r->untold += !a->things[0][0] && a->error[0];
    return take_other(r, a, e);
}

/* ------------------------------------------------------------------- result */

bool reconcile_is_elsewhere(const struct reconcile *r,
                            const struct reader *x)
{
    return x->addresses.n && r->known.n && !r->known.others
        && !few_has(&r->known, x->addresses.rows[0].text);
}

/* Records that come late, and a trail that was switched on late. */
static int note_times(struct reconcile *r, struct err *e)
{
    struct gather *g = &r->gather;
    char times[4][CLOCK_TEXT];

    if (!r->unwitnessed.count || !g->first)
        return 0;
    return notes_add(&g->notes, e, "records of reading in these files are "
                     "from %s to %s; the run went from %s to %s",
                     clock_text(times[0], g->first * NS_PER_S),
                     clock_text(times[1], g->last * NS_PER_S),
                     clock_text(times[2], r->own.log.first),
                     clock_text(times[3], r->own.log.last));
}

static int add_notes(struct reconcile *r, struct err *e)
{
    const struct crowd *const crowds[] = { &r->ours, &r->adrift, &r->others };
    uint64_t no_room = 0;

    for (size_t i = 0; i < 2; i++)
        no_room += crowds[i]->no_room;
    if (gather_notes(&r->gather, &r->others, e) < 0 || note_times(r, e) < 0)
        return -1;
    if (r->untold
        && notes_add(&r->gather.notes, e, "refused calls that do not name a "
                     "snapshot, by others: %" PRIu64, r->untold) < 0)
        return -1;
    return no_room ? notes_add(&r->gather.notes, e, "the keys of the run "
                               "have more names than are counted: %" PRIu64
                               " records", no_room) : 0;
}

static int show(struct reconcile *r, struct err *e)
{
    autotext struct text out = TEXT_INIT;

    crowd_sort(&r->ours);
    crowd_sort(&r->adrift);
    crowd_sort(&r->others);
    if (r->opt->json)
        reconcile_json(r, &out);
    else
        reconcile_text(r, &out);
    if (out.failed)
        return err_nomem(e);
    if (out.s && fputs(out.s, stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    for (size_t i = 0; i < r->gather.notes.count && !r->opt->json; i++)
        tell_always("note: %s", r->gather.notes.list[i]);
    return r->strange || r->gather.incomplete;
}

static int run(struct reconcile *r, struct err *e)
{
    if (own_read(&r->own, r->prefix, e) < 0
        || gather_read(&r->gather, &r->opt->cloudtrail, e) < 0
        || reconcile_count(r, e) < 0 || add_notes(r, e) < 0)
        return -1;
    return show(r, e);
}

int reconcile_run(const struct reconcile_options *opt, const char *prefix,
                  struct err *e)
{
    struct reconcile r = { .opt = opt, .prefix = prefix };
    int result;

    r.gather.take = take;
    r.gather.ctx = &r;
    crowd_init(&r.ours);
    crowd_init(&r.adrift);
    crowd_init(&r.others);
    result = run(&r, e);
    crowd_free(&r.ours);
    crowd_free(&r.adrift);
    crowd_free(&r.others);
    few_free(&r.known);
    free(r.unexplained.list);
    free(r.unwitnessed.list);
    gather_free(&r.gather);
    own_free(&r.own);
    return result;
}
