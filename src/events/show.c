/* SPDX-License-Identifier: Apache-2.0 */
#include "events/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "events/civil.h"
#include "events/judge.h"
#include "events/limits.h"

/* ------------------------------------------------------------------- words */

const char *const events_year_words[] = {
    [EVENT_YEAR_GIVEN] = "given", [EVENT_YEAR_FROM_FILE] = "file",
    [EVENT_YEAR_UNKNOWN] = "unknown",
};

const char *events_where(const struct store_place *p)
{
    bool carved = p->offset != STORE_NOWHERE;

    if (p->path)
        return carved ? "both" : "file";
    return carved ? "carved" : "-";
}

const char *events_zone_word(const struct events *s,
                             const struct store_event *k)
{
    switch ((enum event_zone)k->zone) {
    case EVENT_UTC:
        return "utc";
    case EVENT_ZONE:
        return "zone";
    default:
        return s->opt->zone ? "option" : "local";
    }
}

char *events_time(const struct store_event *k, char between, char *buf)
{
    civil_text(buf, k->time, between);
    if (k->year == EVENT_YEAR_UNKNOWN)
        memcpy(buf, "????", 4);
    return buf;
}

/* ----------------------------------------------------------------- summary */

static void add_side(const struct events *s, unsigned side, struct text *t)
{
    const struct events_side *x = &s->sides[side];
    char logs[32], carved[32], fetched[32], usd[32];

    text_addf(t, "%c: %" PRIu64 " log files (%s)", (int)events_letter(side),
              x->logs, size_text(logs, x->log_bytes));
    if (!s->opt->no_carving)
        text_addf(t, ", %s of blocks carved",
                  size_text(carved, s->carved));
    if (x->volume->is_snapshot)
        text_addf(t, "; %" PRIu64 " blocks fetched (%s), each checked: %s USD",
                  x->volume->fetched,
                  size_text(fetched, x->volume->fetched * BLOCK_SIZE),
                  files_usd(usd, x->volume->fetched));
    text_add(t, ".\n");
}

void events_add_summary(const struct events *s, const struct notes *limits,
                        struct text *t)
{
    text_addf(t, "%" PRIu64 " entr%s.\n", s->told, s->told == 1 ? "y"
              : "ies");
    for (unsigned i = 0; i < s->nsides; i++)
        add_side(s, i, t);
    text_add(t, s->told ? "Not everything is seen:\n"
                        : "That no entry was found does not mean that nothing "
                          "happened:\n");
    for (size_t i = 0; i < limits->count; i++) {
        text_add(t, " - ");
        text_add_shown(t, limits->list[i]);
        text_add(t, ".\n");
    }
}

/* --------------------------------------------------------------------- all */

static int flush(struct text *t, FILE *f, struct err *e)
{
    if (t->failed)
        return err_nomem(e);
    if (t->len)
        fwrite(t->s, 1, t->len, f);
    text_clear(t);
    if (ferror(f))
        return err_set(e, ERR_DEST, 0, "cannot write to standard %s",
                       f == stdout ? "output" : "error");
    return 0;
}

static const struct events_format *format_of(const struct events_options *o)
{
    return o->json ? &events_json : o->csv ? &events_csv
         : o->bodyfile ? &events_body : &events_table;
}

static int show_all(struct events *s, const struct notes *limits,
                    struct err *e)
{
    const struct events_format *f = format_of(s->opt);
    autotext struct text t = TEXT_INIT;

    f->begin(s, &t);
    for (size_t i = 0; i < s->store.count; i++) {
        if (!judge_is_told(s, &s->store.list[i]))
            continue;
        s->told++;
        f->entry(s, &s->store.list[i], &t);
        if (flush(&t, stdout, e) < 0)
            return -1;
    }
    f->end(s, limits, &t);
    return flush(&t, f->is_rows ? stderr : stdout, e);
}

int events_show(struct events *s, struct err *e)
{
    struct notes limits = { 0 };
    int r = events_limits(s, &limits, e);

    if (r == 0)
        r = show_all(s, &limits, e);
    notes_free(&limits);
    return r;
}
