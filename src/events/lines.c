/* SPDX-License-Identifier: Apache-2.0 */
#include "events/lines.h"

#include <string.h>

#include "events/civil.h"

/* No log has longer lines (rsyslog's have 8 KiB, those of a web server as
 * much as it takes of a request). */
#define LINE_MIN 10u
#define LINE_MOST 65536u
/* Of file systems. */
#define BLOCK_LEAST 512u
#define BLOCK_MOST 4096u
/* A file is one of these when one of so many lines is. */
#define HEAD_LINES 50u

static bool (*const forms[])(const struct line *, struct event *) = {
    syslog_line, weblog_line, history_line, cloud_line,
};

static bool parse(const struct line *l, struct event *v)
{
    if (l->n < LINE_MIN || l->n > LINE_MOST)
        return false;
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        *v = (struct event){ .key = l->s, .key_size = l->n, .size = l->n,
                             .is_part = l->is_cut && l->is_carved };
        if (forms[i](l, v))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ files */

/* The line that begins at `at'.  Some systems end lines with CR LF. */
static size_t next_line(const struct event_span *s, size_t at,
                        struct line *l)
{
    const unsigned char *p = s->bytes + at;
    const unsigned char *end = memchr(p, '\n', s->size - at);

    *l = (struct line){ .s = p, .end = s->bytes + s->size, .is_cut = !end };
    l->n = end ? (size_t)(end - p) : s->size - at;
    at += l->n + 1;
    if (l->n && p[l->n - 1] == '\r')
        l->n--;
    return at;
}

/* Lines of RFC 3164 stand in order and have no year.  The last one is of the
 * year in which the file was modified, or of the one before; each step from
 * the end of a year back to its beginning is a new one. */
struct years {
    int steps, month;
    int base;
};

static void step(struct years *y, const struct event *v)
{
    struct civil c;

    civil_of(v->time, &c);
    if (y->month && y->month - c.month > 6)
        y->steps++;
    y->month = c.month;
}

static void find_base(struct years *y, const struct event_span *s,
                      int64_t last)
{
    struct civil c;

    civil_of(s->modified, &c);
    /* Clocks and zones: a line may seem to be a day younger than its file. */
    y->base = civil_move(last, c.year) > s->modified + 86400 * US_PER_S
        ? c.year - 1 : c.year;
}

static bool count_years(const struct event_span *s, struct years *y)
{
    struct line l;
    struct event v;
    int64_t last = 0;

    *y = (struct years){ 0 };
    for (size_t at = 0; at < s->size;) {
        at = next_line(s, at, &l);
        if (!parse(&l, &v) || v.year != EVENT_YEAR_UNKNOWN)
            continue;
        step(y, &v);
        last = v.time;
    }
    if (y->month)
        find_base(y, s, last);
    return y->month != 0;
}

static void give_year(struct event *v, struct years *now,
                      const struct years *all)
{
    step(now, v);
    v->time = civil_move(v->time, all->base - (all->steps - now->steps));
    v->year = EVENT_YEAR_FROM_FILE;
}

static int decode(const struct event_span *s, const struct event_out *o,
                  struct err *e)
{
    struct years all = { 0 }, now = { 0 };
    bool dated = s->has_modified && count_years(s, &all);
    struct line l;
    struct event v;

    for (size_t at = 0, next; at < s->size; at = next) {
        next = next_line(s, at, &l);
        if (!parse(&l, &v))
            continue;
        v.at = at;
        if (dated && v.year == EVENT_YEAR_UNKNOWN)
            give_year(&v, &now, &all);
        if (o->event(o->ctx, &v, e) < 0)
            return -1;
    }
    return 0;
}

static bool probe(const char *path, const unsigned char *head, size_t n)
{
    const struct event_span s = { .bytes = head, .size = n };
    struct line l;
    struct event v;
    size_t at = 0;

    (void)path;
    for (unsigned i = 0; i < HEAD_LINES && at < n; i++) {
        at = next_line(&s, at, &l);
        if (parse(&l, &v))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ carved */

/* What UTF-8 never has ends a text, too. */
static bool is_text(unsigned char c)
{
    return (c >= ' ' && c < 0xf8 && c != 0xc0) || c == '\t' || c == 0x1b;
}

/* A line that could begin here: most bytes are told by the first of them. */
static bool may_begin(const unsigned char *p)
{
    static const char first[] = "0123456789JFMASOND<#:-C";

    return *p && (strchr(first, *p) || (*p >= 'a' && *p <= 'z'));
}

/* 1: it is an entry; 0, -1. */
static int carve_line(const struct event_span *s, size_t at, size_t end,
                      const struct event_out *o, struct err *e)
{
    bool ends = end < s->size
        && (s->bytes[end] == '\n' || s->bytes[end] == '\r');
    const struct line l = {
        .s = s->bytes + at, .n = end - at, .end = s->bytes + s->size,
        .is_cut = !ends, .is_carved = true,
    };
    struct event v;

    if (end - at < LINE_MIN || !may_begin(s->bytes + at) || !parse(&l, &v))
        return 0;
    v.at = at;
    return o->event(o->ctx, &v, e) < 0 ? -1 : 1;
}

/* A block of a file begins in the middle of a text where the one before it on
 * the volume was full: each block of 4 KiB, and of 512 bytes in a text that
 * makes no sense otherwise. */
static int carve_text(const struct event_span *s, size_t at, size_t end,
                      const struct event_out *o, struct err *e)
{
    int r = carve_line(s, at, end, o, e);
    size_t step = r ? BLOCK_MOST : BLOCK_LEAST;

    for (size_t to = (at / step + 1) * step; r >= 0 && to < end; to += step)
        r = carve_line(s, to, end, o, e);
    return r < 0 ? -1 : 0;
}

/* Text between two bytes that are none; a line needs no end before it, as
 * where a block of a file begins. */
static int carve(const struct event_span *s, const struct event_out *o,
                 struct err *e)
{
    size_t end;

    for (size_t at = 0; at < s->size; at = end + 1) {
        for (end = at; end < s->size && is_text(s->bytes[end]);)
            end++;
        if (end - at >= LINE_MIN && carve_text(s, at, end, o, e) < 0)
            return -1;
    }
    return 0;
}

const struct event_decoder lines_decoder = {
    "lines", probe, decode, carve,
};
