/* SPDX-License-Identifier: Apache-2.0 */
/* A report as one page of HTML that needs nothing else: no script, no font, no
 * picture from anywhere.  It can be read on a telephone, and printed on A4 and
 * Letter. */
#include <string.h>

#include "report/draw.h"
#include "report/markup.h"
#include "report/scribe.h"
#include "report/style.h"

#define SHORT_WORD 36

static void begin(struct scribe *s, const char *title)
{
    text_add(s->t, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
             "<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" "
             "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
             "<meta name=\"viewport\" "
             "content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    markup_add(s->t, title);
    text_add(s->t, "</title>\n<style>\n");
    text_add(s->t, style_sheet);
    text_add(s->t, "</style>\n</head>\n<body>\n");
    draw_patterns(s->t);
    text_add(s->t, "<h1>");
    markup_add(s->t, title);
    text_add(s->t, "</h1>\n");
}

static void end(struct scribe *s)
{
    text_add(s->t, "</body>\n</html>\n");
}

static void element(struct scribe *s, const char *tag, const char *text)
{
    text_addf(s->t, "<%s>", tag);
    markup_add(s->t, text);
    text_addf(s->t, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

static void part(struct scribe *s, const char *title)
{
    element(s, "h1 class=\"page\"", title);
}

static void verdict(struct scribe *s, enum tone tone, const char *text)
{
    static const char *const tags[] = {
        "p class=\"verdict good\"", "p class=\"verdict reserve\"",
        "p class=\"verdict bad\"",
    };

    element(s, tags[tone], text);
}

static void chapter(struct scribe *s, const char *title)
{
    text_addf(s->t, "<section%s>\n", s->on_new_page ? " class=\"page\"" : "");
    element(s, "h2", title);
}

static void end_chapter(struct scribe *s)
{
    text_add(s->t, "</section>\n");
}

static void section(struct scribe *s, const char *title)
{
    element(s, "h3", title);
}

static void paragraph(struct scribe *s, const char *text)
{
    element(s, "p", text);
}

/* A digest: read by machines, and broken anywhere. */
static bool is_hex(const char *s)
{
    size_t n = strlen(s);

    return n >= 32 && strspn(s, "0123456789abcdef") == n;
}

static void fact(struct scribe *s, const char *name, const char *value)
{
    text_add(s->t, "<tr><th scope=\"row\">");
    markup_add(s->t, name);
    text_addf(s->t, "</th><td%s>", is_hex(value) ? " class=\"hex\"" : "");
    markup_add(s->t, value);
    text_add(s->t, "</td></tr>\n");
}

static void blank(struct scribe *s, const char *name)
{
    text_add(s->t, "<tr><th scope=\"row\">");
    markup_add(s->t, name);
    text_add(s->t, "</th><td class=\"blank\"></td></tr>\n");
}

static void item(struct scribe *s, const char *text)
{
    element(s, "li", text);
}

static void table(struct scribe *s, const char *const *heads, size_t n)
{
    text_add(s->t, "<div class=\"wide\"><table>\n<thead><tr>");
    for (size_t i = 0; i < n; i++) {
        text_add(s->t, "<th scope=\"col\">");
        markup_add(s->t, heads[i]);
        text_add(s->t, "</th>");
    }
    text_add(s->t, "</tr></thead>\n<tbody>\n");
}

/* Words that are short enough need not be broken: columns of numbers stay
 * readable beside those of sentences. */
static bool has_short_words(const char *s)
{
    size_t n;

    for (; *s; s += n + (s[n] == ' ')) {
        n = strcspn(s, " ");
        if (n > SHORT_WORD)
            return false;
    }
    return true;
}

static void row(struct scribe *s, const char *const *cells, size_t n)
{
    text_add(s->t, "<tr>");
    for (size_t i = 0; i < n; i++) {
        text_addf(s->t, "<td%s>", is_hex(cells[i]) ? " class=\"hex\""
                  : has_short_words(cells[i]) ? " class=\"words\"" : "");
        markup_add(s->t, cells[i]);
        text_add(s->t, "</td>");
    }
    text_add(s->t, "</tr>\n");
}

static void enter(struct scribe *s, enum scribe_place place)
{
    text_add(s->t, place == PLACE_FACTS
             ? "<table class=\"facts\"><tbody>\n" : "<ul>\n");
}

static void leave(struct scribe *s, enum scribe_place place)
{
    static const char *const ends[] = {
        [PLACE_NONE] = "",
        [PLACE_FACTS] = "</tbody></table>\n",
        [PLACE_LIST] = "</ul>\n",
        [PLACE_TABLE] = "</tbody></table></div>\n",
    };

    text_add(s->t, ends[place]);
}

static void map(struct scribe *s, const struct report *r)
{
    draw_map(s->t, r);
}

static void timeline(struct scribe *s, const struct report *r)
{
    draw_timeline(s->t, r);
}

const struct scribe_form scribe_html = {
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
