/* SPDX-License-Identifier: Apache-2.0 */
/* A report as plain text, 78 columns, for a terminal or a mail. */
#include <string.h>

#include "report/model.h"
#include "report/scribe.h"

#define WIDTH 78
#define NAME 24
#define MAP_ROW 64

/* The words of `text', from column `at' on, lines begin at `indent'; a word
 * that is longer than a line stands alone. */
static void wrap(struct text *t, const char *text, size_t at, size_t indent)
{
    autotext struct text shown = TEXT_INIT;
    bool first = true;

    text_add(&shown, "");
    text_add_shown(&shown, text);
    t->failed |= shown.failed;
    for (const char *p = shown.failed ? "" : shown.s; *p;) {
        size_t n = strcspn(p, " ");

        if (n && !first && at + 1 + n > WIDTH) {
            text_addf(t, "\n%*s", (int)indent, "");
            at = indent;
            first = true;
        }
        if (n) {
            text_add(t, first ? "" : " ");
            text_addn(t, p, n);
            at += n + !first;
            first = false;
        }
        p += n + strspn(p + n, " ");
    }
    text_add(t, "\n");
}

static void line_of(struct text *t, char c, size_t n)
{
    for (size_t i = 0; i < n && i < WIDTH; i++)
        text_addn(t, &c, 1);
    text_add(t, "\n");
}

static void begin(struct scribe *s, const char *title)
{
    wrap(s->t, title, 0, 0);
    line_of(s->t, '=', strlen(title));
}

static void part(struct scribe *s, const char *title)
{
    text_add(s->t, "\n\n");
    begin(s, title);
}

static void end(struct scribe *s)
{
    (void)s;
}

static void verdict(struct scribe *s, enum tone tone, const char *text)
{
    static const char *const marks[] = { "", "(!) ", "(!!) " };

    text_addf(s->t, "\n    %s", marks[tone]);
    wrap(s->t, text, 4 + strlen(marks[tone]), 8);
}

static void chapter(struct scribe *s, const char *title)
{
    text_add(s->t, "\n");
    wrap(s->t, title, 0, 0);
    line_of(s->t, '-', strlen(title));
}

static void end_chapter(struct scribe *s)
{
    (void)s;
}

static void section(struct scribe *s, const char *title)
{
    text_add(s->t, "\n  ");
    wrap(s->t, title, 2, 2);
}

static void paragraph(struct scribe *s, const char *text)
{
    text_add(s->t, "\n  ");
    wrap(s->t, text, 2, 2);
}

static void fact(struct scribe *s, const char *name, const char *value)
{
    size_t n = strlen(name);

    text_addf(s->t, "  %-*s", NAME, name);
    if (n >= NAME)
        text_addf(s->t, "\n%*s", NAME + 2, "");
    wrap(s->t, value, NAME + 2, NAME + 2);
}

static void blank(struct scribe *s, const char *name)
{
    text_addf(s->t, "  %-*s", NAME, name);
    if (strlen(name) >= NAME)
        text_addf(s->t, "\n%*s", NAME + 2, "");
    line_of(s->t, '_', WIDTH - NAME - 2);
    text_add(s->t, "\n");
}

static void item(struct scribe *s, const char *text)
{
    text_add(s->t, "  * ");
    wrap(s->t, text, 4, 4);
}

/* A table is a line for each cell: no text is cut, whatever its length. */
static void table(struct scribe *s, const char *const *heads, size_t n)
{
    text_add(s->t, "\n  ");
    for (size_t i = 0; i < n; i++) {
        text_add(s->t, i ? " | " : "[");
        text_add(s->t, heads[i]);
    }
    text_add(s->t, "]\n");
}

static void row(struct scribe *s, const char *const *cells, size_t n)
{
    autotext struct text all = TEXT_INIT;

    for (size_t i = 0; i < n; i++) {
        text_add(&all, i ? " | " : "");
        text_add(&all, cells[i][0] ? cells[i] : "-");
    }
    s->t->failed |= all.failed;
    text_add(s->t, "  - ");
    wrap(s->t, all.failed ? "" : all.s, 4, 6);
}

static void enter(struct scribe *s, enum scribe_place place)
{
    (void)place;
    text_add(s->t, "\n");
}

static void leave(struct scribe *s, enum scribe_place place)
{
    (void)s;
    (void)place;
}

/* What is rare is never hidden by what is not. */
static char letter_of(const uint32_t *at)
{
    if (at[MAP_UNREADABLE])
        return '!';
    if (at[MAP_STORED])
        return '#';
    if (at[MAP_CARRIED])
        return '=';
    return at[MAP_ZERO] ? '0' : '.';
}

static void map(struct scribe *s, const struct report *r)
{
    const struct map *m = &r->map;

    text_add(s->t, "\n");
    for (unsigned i = 0; i < m->steps; i++) {
        char c = letter_of(m->at[i]);

        text_add(s->t, i % MAP_ROW == 0 ? i ? "\n    " : "    " : "");
        text_addn(s->t, &c, 1);
    }
    text_add(s->t, "\n\n    # stored   = taken from an earlier image   0 "
                   "stored, all zeros\n    ! unreadable   . never stored;"
                   " a sign stands for the first of ! # = 0 .\n    that is"
                   " among its blocks\n");
}

static void timeline(struct scribe *s, const struct report *r)
{
    (void)s;
    (void)r;
}

const struct scribe_form scribe_text = {
    .begin = begin,             .end = end,
    .part = part,
    .verdict = verdict,         .chapter = chapter,
    .end_chapter = end_chapter, .section = section,
    .paragraph = paragraph,     .fact = fact,
    .blank = blank,             .item = item,
    .table = table,             .row = row,
    .leave = leave,             .enter = enter,
    .map = map,                 .timeline = timeline,
};
