/* SPDX-License-Identifier: Apache-2.0 */
#include "report/scribe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/run-record.h"
#include "base/number.h"
#include "base/scope.h"

static void go(struct scribe *s, enum scribe_place place)
{
    if (s->place == place)
        return;
    if (s->place != PLACE_NONE)
        s->form->leave(s, s->place);
    s->place = place;
    if (place == PLACE_FACTS || place == PLACE_LIST)
        s->form->enter(s, place);
}

__attribute__((format(printf, 2, 0)))
static char *compose(struct scribe *s, const char *fmt, va_list ap)
{
    char *text;

    if (vasprintf(&text, fmt, ap) >= 0)
        return text;
    s->t->failed = true;
    return NULL;
}

void scribe_begin(struct scribe *s, const struct scribe_form *form,
                  struct text *t, const char *title)
{
    *s = (struct scribe){ .t = t, .form = form };
    form->begin(s, title);
}

static void leave_chapter(struct scribe *s)
{
    go(s, PLACE_NONE);
    if (s->in_chapter)
        s->form->end_chapter(s);
    s->in_chapter = false;
}

void scribe_end(struct scribe *s)
{
    leave_chapter(s);
    s->form->end(s);
}

void scribe_begin_part(struct scribe *s, const struct scribe_form *form,
                       struct text *t, const char *title)
{
    *s = (struct scribe){ .t = t, .form = form };
    form->part(s, title);
}

void scribe_end_part(struct scribe *s)
{
    leave_chapter(s);
}

void scribe_insert(struct scribe *s, const struct text *parts)
{
    leave_chapter(s);
    if (parts->len)
        text_addn(s->t, parts->s, parts->len);
}

void scribe_verdict(struct scribe *s, enum tone tone, const char *text)
{
    go(s, PLACE_NONE);
    s->form->verdict(s, tone, text);
}

void scribe_new_page(struct scribe *s)
{
    s->on_new_page = true;
}

void scribe_chapter(struct scribe *s, const char *title)
{
    leave_chapter(s);
    s->form->chapter(s, title);
    s->in_chapter = true;
    s->on_new_page = false;
}

void scribe_section(struct scribe *s, const char *title)
{
    go(s, PLACE_NONE);
    s->form->section(s, title);
}

void scribe_say(struct scribe *s, const char *fmt, ...)
{
    autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = compose(s, fmt, ap);
    va_end(ap);
    go(s, PLACE_NONE);
    if (text)
        s->form->paragraph(s, text);
}

void scribe_item(struct scribe *s, const char *fmt, ...)
{
    autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = compose(s, fmt, ap);
    va_end(ap);
    go(s, PLACE_LIST);
    if (text)
        s->form->item(s, text);
}

void scribe_fact(struct scribe *s, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    go(s, PLACE_FACTS);
    s->form->fact(s, name, value);
}

void scribe_factf(struct scribe *s, const char *name, const char *fmt, ...)
{
    autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = compose(s, fmt, ap);
    va_end(ap);
    scribe_fact(s, name, text);
}

void scribe_bytes(struct scribe *s, const char *name, uint64_t bytes)
{
    char size[32];

    if (bytes != RUN_UNTOLD)
        scribe_factf(s, name, "%" PRIu64 " bytes (%s)", bytes,
                     size_text(size, bytes));
}

void scribe_count(struct scribe *s, const char *name, uint64_t n)
{
    if (n != RUN_UNTOLD)
        scribe_factf(s, name, "%" PRIu64, n);
}

void scribe_blank(struct scribe *s, const char *name)
{
    go(s, PLACE_FACTS);
    s->form->blank(s, name);
}

void scribe_table(struct scribe *s, const char *const *heads, size_t n)
{
    go(s, PLACE_NONE);
    s->form->table(s, heads, n);
    s->place = PLACE_TABLE;
}

void scribe_row(struct scribe *s, const char *const *cells, size_t n)
{
    s->form->row(s, cells, n);
}

void scribe_map(struct scribe *s, const struct report *r)
{
    go(s, PLACE_NONE);
    s->form->map(s, r);
}

void scribe_timeline(struct scribe *s, const struct report *r)
{
    go(s, PLACE_NONE);
    s->form->timeline(s, r);
}
