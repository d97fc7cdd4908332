/* SPDX-License-Identifier: Apache-2.0 */
/* For spreadsheets and for tools that make time lines. */
#include <inttypes.h>
#include <stdio.h>

#include "base/csv.h"
#include "events/civil.h"
#include "events/judge.h"
#include "events/show.h"

/* --------------------------------------------------------------------- CSV */

static void csv_begin(const struct events *s, struct text *t)
{
    text_add(t, "time,zone,year,source,id,host,text,part");
    for (unsigned i = 0; i < s->nsides; i++)
        text_addf(t, ",%c_where,%c_file,%c_offset_in_file,%c_offset",
                  (int)events_letter(i), (int)events_letter(i),
                  (int)events_letter(i), (int)events_letter(i));
    text_add(t, ",new,gone\r\n");
}

static void csv_place(const struct store_place *p, struct text *t)
{
    text_add(t, ",");
    csv_add(t, events_where(p));
    text_add(t, ",");
    if (p->path)
        csv_add(t, p->path);
    text_add(t, ",");
    if (p->path)
        text_addf(t, "%" PRIu64, p->at);
    text_add(t, ",");
    if (p->offset != STORE_NOWHERE)
        text_addf(t, "%" PRIu64, p->offset);
}

static void csv_entry(const struct events *s, const struct store_event *k,
                      struct text *t)
{
    struct judgement j = judge(s, k);
    char time[CIVIL_TEXT];

    text_addf(t, "%sZ,%s,%s,%s,", events_time(k, 'T', time),
              events_zone_word(s, k), events_year_words[k->year], k->source);
    if (k->has_id)
        text_addf(t, "%" PRIu64, k->id);
    text_add(t, ",");
    csv_add(t, k->host ? k->host : "");
    text_add(t, ",");
    csv_add(t, k->text);
    text_add(t, k->is_part ? ",yes" : ",no");
    for (unsigned i = 0; i < s->nsides; i++)
        csv_place(&k->place[i], t);
    text_addf(t, ",%s,%s\r\n", s->nsides == 2 ? judge_words[j.is_new] : "",
              judge_words[j.is_gone]);
}

static void rows_end(const struct events *s, const struct notes *limits,
                     struct text *t)
{
    events_add_summary(s, limits, t);
}

const struct events_format events_csv = { csv_begin, csv_entry, true,
                                          rows_end };

/* ---------------------------------------------------------------- bodyfile */

static void body_begin(const struct events *s, struct text *t)
{
    (void)s;
    (void)t;
}

/* A bar ends a field, and there is no way to write one in it. */
static void add_field(struct text *t, const char *s)
{
    autotext struct text shown = TEXT_INIT;

    text_add_shown(&shown, s);
    t->failed |= shown.failed;
    for (const char *p = shown.s; p && *p; p++) {
        if (*p == '|')
            text_add(t, "\\x7c");
        else
            text_addn(t, p, 1);
    }
}

static int64_t seconds_of(int64_t us)
{
    return us / US_PER_S - (us % US_PER_S < 0);
}

/* MD5|name|inode|mode_as_string|UID|GID|size|atime|mtime|ctime|crtime.  A time
 * without a year has no place on a line of times: 0. */
static void body_entry(const struct events *s, const struct store_event *k,
                       struct text *t)
{
    struct judgement j = judge(s, k);

    text_addf(t, "0|[%s%s%s] ", k->source,
              j.is_new == JUDGE_YES ? ", new" : "",
              j.is_gone == JUDGE_YES ? ", gone" : "");
    if (k->host) {
        add_field(t, k->host);
        text_add(t, ": ");
    }
    add_field(t, k->text);
    text_addf(t, "|%" PRIu64 "|r/----------|0|0|%u|0|%" PRId64 "|0|0\n",
              k->id, k->size, k->year == EVENT_YEAR_UNKNOWN ? 0
              : seconds_of(k->time));
}

const struct events_format events_body = { body_begin, body_entry, true,
                                           rows_end };
