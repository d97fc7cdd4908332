/* SPDX-License-Identifier: Apache-2.0 */
/* For people: a line for each entry, cut where the terminal ends. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/width.h"
#include "events/civil.h"
#include "events/judge.h"
#include "events/show.h"
#include "show/tell.h"

static void begin(const struct events *s, struct text *t)
{
    for (unsigned i = 0; i < s->nsides; i++) {
        text_addf(t, "%c  ", (int)events_letter(i));
        text_add_shown(t, s->sides[i].volume->name);
        text_addf(t, "  %" PRIu64 " bytes\n", s->sides[i].volume->size);
    }
    text_addf(t, "\n%-26s   %-10s %-6s ", "time (UTC)", "source", "A");
    if (s->nsides == 2)
        text_addf(t, "%-6s %-6s ", "B", "new");
    text_addf(t, "%-6s %s\n", "gone", "host: text (place)");
}

/* What is not sure of the time. */
static void add_doubt(const struct store_event *k, const struct events *s,
                      struct text *t)
{
    bool local = k->zone == EVENT_LOCAL && !s->opt->zone;

    text_addf(t, "%c%c ", local ? 'z' : ' ',
              k->year == EVENT_YEAR_FROM_FILE ? 'y'
              : k->year == EVENT_YEAR_UNKNOWN ? '?' : ' ');
}

static void add_place(const struct store_place *p, struct text *t)
{
    if (p->path) {
        text_add_shown(t, p->path);
        text_addf(t, "+%" PRIu64, p->at);
    } else {
        text_addf(t, "volume+%" PRIu64, p->offset);
    }
}

static const struct store_place *best_place(const struct store_event *k)
{
    for (unsigned i = STORE_SIDES; i > 0; i--)
        if (k->place[i - 1].path)
            return &k->place[i - 1];
    return k->place[1].offset != STORE_NOWHERE ? &k->place[1] : &k->place[0];
}

static void add_what(const struct store_event *k, struct text *t)
{
    if (k->host) {
        text_add_shown(t, k->host);
        text_add(t, ": ");
    }
    if (k->has_id)
        text_addf(t, "%" PRIu64 " ", k->id);
    text_add_shown(t, k->text);
    if (k->is_part)
        text_add(t, "...");
    text_add(t, " (");
    add_place(best_place(k), t);
    text_add(t, ")");
}

/* Columns count, not bytes. */
static void cut(struct text *t)
{
    size_t columns = tell_columns();

    if (!isatty(STDOUT_FILENO) || t->failed)
        return;
    t->len = width_fit(t->s, columns);
    t->s[t->len] = '\0';
}

static void add_state(enum judge_answer a, struct text *t)
{
    text_addf(t, "%-6s ", a == JUDGE_NO ? "-" : judge_words[a]);
}

static void entry(const struct events *s, const struct store_event *k,
                  struct text *t)
{
    struct judgement j = judge(s, k);
    char time[CIVIL_TEXT];

    text_addf(t, "%-26s", events_time(k, ' ', time));
    add_doubt(k, s, t);
    text_addf(t, "%-10s %-6s ", k->source, events_where(&k->place[0]));
    if (s->nsides == 2) {
        text_addf(t, "%-6s ", events_where(&k->place[1]));
        add_state(j.is_new, t);
    }
    add_state(j.is_gone, t);
    add_what(k, t);
    cut(t);
    text_add(t, "\n");
}

static void end(const struct events *s, const struct notes *limits,
                struct text *t)
{
    text_add(t, "\n");
    events_add_summary(s, limits, t);
}

const struct events_format events_table = { begin, entry, false, end };
