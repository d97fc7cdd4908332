/* SPDX-License-Identifier: Apache-2.0 */
/* For programs: an object a line. */
#include <stdio.h>

#include "base/json.h"
#include "events/civil.h"
#include "events/judge.h"
#include "events/show.h"

static void begin(const struct events *s, struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", "sides");
    for (unsigned i = 0; i < s->nsides; i++) {
        const struct volume *v = s->sides[i].volume;
        const char name[] = { events_letter(i), 0 };

        json_open(t, name, '{');
        json_put_text(t, "name", v->name);
        json_put_text(t, "type", v->is_snapshot ? "snapshot" : "image");
        json_put_u64(t, "size", v->size);
        json_put_text(t, "rests_on", diff_basis_name(&s->diff.sides[i]));
        json_put_text(t, "zone", s->sides[i].zone);
        json_close(t, '}');
    }
    json_put_bool(t, "listed", s->diff.listed);
    json_close(t, '}');
    text_add(t, "\n");
}

static void put_place(const char *name, const struct store_place *p,
                      struct text *t)
{
    json_open(t, name, '{');
    json_put_text(t, "where", events_where(p));
    if (p->path) {
        json_put_text(t, "file", p->path);
        json_put_u64(t, "offset_in_file", p->at);
        json_put_u64(t, "times", p->files);
    }
    if (p->offset != STORE_NOWHERE)
        json_put_u64(t, "offset", p->offset);
    json_close(t, '}');
}

static void put_time(const struct events *s, const struct store_event *k,
                     struct text *t)
{
    char buf[CIVIL_TEXT + 2];
    const char *zone = events_zone_word(s, k);

    events_time(k, 'T', buf);
    text_add(t, ",\"time\":\"");
    text_add(t, buf);
    text_add(t, "Z\"");
    json_put_text(t, "zone", zone);
    if (k->zone == EVENT_ZONE) {
        snprintf(buf, sizeof(buf), "%c%02d:%02d", k->minutes < 0 ? '-' : '+',
                 (k->minutes < 0 ? -k->minutes : k->minutes) / 60,
                 (k->minutes < 0 ? -k->minutes : k->minutes) % 60);
        json_put_text(t, "offset_of_zone", buf);
    }
    json_put_text(t, "year", events_year_words[k->year]);
}

static void entry(const struct events *s, const struct store_event *k,
                  struct text *t)
{
    struct judgement j = judge(s, k);

    json_open(t, NULL, '{');
    json_put_text(t, "what", "event");
    put_time(s, k, t);
    json_put_text(t, "source", k->source);
    if (k->has_id)
        json_put_u64(t, "id", k->id);
    json_put_text(t, "host", k->host);
    json_put_text(t, "text", k->text);
    if (k->is_part)
        json_put_bool(t, "part", true);
    for (unsigned i = 0; i < s->nsides; i++)
        put_place(i ? "B" : "A", &k->place[i], t);
    if (s->nsides == 2)
        json_put_text(t, "new", judge_words[j.is_new]);
    json_put_text(t, "gone", judge_words[j.is_gone]);
    json_close(t, '}');
    text_add(t, "\n");
}

static void put_side(const struct events *s, unsigned side, struct text *t)
{
    const struct events_side *x = &s->sides[side];

    json_open(t, side ? "B" : "A", '{');
    json_put_u64(t, "log_files", x->logs);
    json_put_u64(t, "log_bytes", x->log_bytes);
    json_put_u64(t, "unknown_files", x->unknown);
    json_put_u64(t, "carved_bytes", s->carved);
    json_put_u64(t, "unreadable_blocks", x->lost);
    if (x->volume->is_snapshot)
        json_put_u64(t, "fetched_blocks", x->volume->fetched);
    json_close(t, '}');
}

static void end(const struct events *s, const struct notes *limits,
                struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "what", "summary");
    json_put_u64(t, "entries", s->told);
    json_put_u64(t, "dropped", s->store.dropped);
    for (unsigned i = 0; i < s->nsides; i++)
        put_side(s, i, t);
    json_open(t, "not_looked_into", '[');
    for (size_t i = 0; i < limits->count; i++)
        json_put_text(t, NULL, limits->list[i]);
    json_close(t, ']');
    json_put_bool(t, "complete", true);
    json_close(t, '}');
    text_add(t, "\n");
}

const struct events_format events_json = { begin, entry, false, end };
