/* SPDX-License-Identifier: Apache-2.0 */
/* For people. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "readers/lines.h"
#include "readers/tell-reader.h"
#include "reconcile/reconcile.h"

/* So many are named; JSON has more. */
#define SHOWN 10u

static void add_tally(struct lines *l, const char *what,
                      const struct tally *t, const char *more)
{
    autotext struct text s = TEXT_INIT;

    if (!t->all)
        return;
    text_addf(&s, "%s: %" PRIu64 ", CloudTrail has %" PRIu64 "%s%s", what,
              t->all, t->witnessed, t->witnessed < t->all ? "; " : "",
              t->witnessed < t->all ? more : "");
    l->t.failed |= s.failed;
    lines_add(l, 2, "", s.s ? s.s : "");
}

static void add_number(struct lines *l, const char *what, uint64_t n)
{
    autotext struct text s = TEXT_INIT;

    if (!n)
        return;
    text_addf(&s, "%s: %" PRIu64, what, n);
    l->t.failed |= s.failed;
    lines_add(l, 2, "", s.s ? s.s : "");
}

static void add_requests(const struct reconcile *r, struct lines *l)
{
    const struct counts *c = &r->counts;

    lines_add(l, 0, "", "Requests of this run");
    add_tally(l, "blocks", &c->blocks, "without a record they are named "
              "below");
    add_tally(l, "lists and rejected answers", &c->answers, "those without a "
              "record are named below");
    add_tally(l, "refused or failed", &c->failures,
              "such answers often have none");
    add_tally(l, "of EC2 and STS", &c->others,
              "these are management events, which a trail may leave out");
    add_tally(l, "blocks of an earlier image or a cache, by earlier runs",
              &c->carried, "they are not counted as missing");
    add_number(l, "blocks whose request id was not kept", c->without_id);
    add_number(l, "records of them that contradict the run: of an error for a "
               "block that came, another snapshot, another key",
               r->own.contradicted);
}

static void add_named(struct lines *l, const struct names_of *n)
{
    for (size_t i = 0; i < n->count && i < SHOWN; i++) {
        const struct named *x = &n->list[i];
        autotext struct text s = TEXT_INIT;

        text_addf(&s, "%s", reading_name(x->call));
        if (x->block != READING_NO_BLOCK)
            text_addf(&s, " block %" PRIu64, x->block);
        text_addf(&s, ", request %s", x->id);
        l->t.failed |= s.failed;
        lines_add(l, 4, "", s.s ? s.s : "");
    }
    if (n->count > SHOWN)
        add_number(l, "  and more", n->count - SHOWN + n->more);
}

static void add_unwitnessed(const struct reconcile *r, struct lines *l)
{
    if (!r->unwitnessed.count)
        return;
    lines_add(l, 0, "", "Requests of this run without a record (CloudTrail "
              "delivers late and without a promise; its trail may not log "
              "data events; or whoever answered was not the provider)");
    add_named(l, &r->unwitnessed);
}

static void add_unanswered(const struct reconcile *r, struct lines *l)
{
    uint64_t all = 0;

    for (int u = 0; u < UNANSWERED; u++)
        all += r->own.unanswered[u];
    if (!all)
        return;
    lines_add(l, 0, "", "Records of calls with the run's keys that brought "
              "it no answer");
    for (int u = 0; u < UNANSWERED; u++)
        add_number(l, unanswered_words((enum unanswered)u),
                   r->own.unanswered[u]);
    add_named(l, &r->unexplained);
}

static void add_elsewhere(const struct reconcile *r, struct lines *l)
{
    bool any = false;

    for (size_t i = 0; i < r->adrift.count; i++) {
        if (!reconcile_is_elsewhere(r, &r->adrift.readers[i]))
            continue;
        if (!any)
            lines_add(l, 0, "", "The run's keys, from an address that none "
                      "of its own requests came from");
        any = true;
        reader_lines(&r->adrift.readers[i], l);
    }
}

static void add_others(const struct reconcile *r, struct lines *l)
{
    lines_add(l, 0, "", r->others.count
              ? "Others who read it" : "Nobody else, as far as these records "
              "tell");
    for (size_t i = 0; i < r->others.count; i++)
        reader_lines(&r->others.readers[i], l);
}

static void add_counted(struct text *t, uint64_t n, const char *what)
{
    if (n)
        text_addf(t, "%s%" PRIu64 " %s", t->len ? "; " : "", n, what);
}

void reconcile_verdict(const struct reconcile *r, struct text *t)
{
    const struct counts *c = &r->counts;
    autotext struct text why = TEXT_INIT;
    uint64_t elsewhere = 0;

    for (size_t i = 0; i < r->adrift.count; i++)
        elsewhere += reconcile_is_elsewhere(r, &r->adrift.readers[i]);
    add_counted(&why, c->blocks.all - c->blocks.witnessed + c->answers.all
                      - c->answers.witnessed, "requests without a record");
    add_counted(&why, r->own.contradicted, "records that contradict the "
                "requests whose ids they have");
    add_counted(&why, r->own.unanswered[UNANSWERED_UNKNOWN],
                "calls with the run's keys that nothing explains");
    add_counted(&why, elsewhere, "uses of the run's keys from elsewhere");
    add_counted(&why, r->others.count, "other readers");
    if (r->gather.incomplete)
        add_counted(&why, 1, "or more records could not be used: see the "
                    "notes");
    t->failed |= why.failed;
    text_addf(t, "%s: %s: %s", why.len ? "NOT RECONCILED" : "RECONCILED",
              r->prefix, why.len ? why.s
              : "each request has its record, and nobody else read the "
                "snapshot, as far as these records tell");
}

void reconcile_text(const struct reconcile *r, struct text *out)
{
    autotext struct text verdict = TEXT_INIT;
    struct lines l;

    lines_begin(&l);
    lines_add(&l, 0, "", r->own.ev.log.snapshot);
    add_requests(r, &l);
    add_unwitnessed(r, &l);
    add_unanswered(r, &l);
    if (r->ours.count)
        lines_add(&l, 0, "", "What the provider has of this run");
    for (size_t i = 0; i < r->ours.count; i++)
        reader_lines(&r->ours.readers[i], &l);
    add_elsewhere(r, &l);
    add_others(r, &l);
    reconcile_verdict(r, &verdict);
    l.t.failed |= verdict.failed;
    lines_add(&l, 0, "", verdict.s ? verdict.s : "");
    *out = l.t;
}
