/* SPDX-License-Identifier: Apache-2.0 */
/* A table for people, no wider than their terminal: the columns that matter
 * most stand in a line, all that has no room there beneath it. */
#include <inttypes.h>
#include <string.h>

#include "base/width.h"
#include "discover/show.h"

#define INDENT 4u
#define CUT "~"

/* ------------------------------------------------------ which columns fit */

/* Bits of the columns that stand in the line: by rank, as long as there is
 * room. */
static uint64_t choose(const struct show *s)
{
    uint64_t chosen = 0;
    unsigned used = 0;

    for (unsigned rank = 1; rank <= columns_count; rank++) {
        for (size_t i = 0; i < columns_count; i++) {
            unsigned more = columns[i].width + (used ? 1 : 0);

            if (columns[i].rank != rank || !show_has(s, &columns[i], true))
                continue;
            if (used + more > s->width)
                return chosen;
            chosen |= UINT64_C(1) << i;
            used += more;
        }
    }
    return chosen;
}

static void add_spaces(struct text *t, size_t n)
{
    for (; n; n--)
        text_add(t, " ");
}

/* A line ends with its last letter. */
static void end_line(struct text *t)
{
    while (t->len && t->s[t->len - 1] == ' ')
        t->s[--t->len] = '\0';
    text_add(t, "\n");
}

/* True: all of it has room. */
static bool add_place(struct text *t, const struct column *k,
                      const char *shown)
{
    size_t width = width_of(shown);

    if (width <= k->width) {
        add_spaces(t, k->right ? k->width - width : 0);
        text_add(t, shown);
        add_spaces(t, k->right ? 0 : k->width - width);
        return true;
    }
    text_addn(t, shown, width_fit(shown, k->width - 1));
    text_add(t, CUT);
    return false;
}

static void begin(const struct show *s, struct text *t)
{
    uint64_t chosen = choose(s);
    bool first = true;

    for (size_t i = 0; i < columns_count; i++) {
        if (!(chosen >> i & 1))
            continue;
        text_add(t, first ? "" : " ");
        add_place(t, &columns[i], columns[i].title);
        first = false;
    }
    end_line(t);
}

static void region(const struct show *s, const struct service *from,
                   struct text *t)
{
    (void)s;
    (void)from;
    (void)t;
}

/* ---------------------------------------------------------------- beneath */

/* Lines of words, none of them wider than `width'. */
struct wrap {
    struct text *t;
    size_t width, used;
};

static void wrap_break(struct wrap *w)
{
    end_line(w->t);
    w->used = 0;
}

static void wrap_put(struct wrap *w, const char *s, size_t n, size_t places)
{
    if (!w->used) {
        add_spaces(w->t, INDENT);
        w->used = INDENT;
    }
    text_addn(w->t, s, n);
    w->used += places;
}

/* One word: on this line, on the next, or cut into pieces. */
static void wrap_word(struct wrap *w, const char *s, size_t n)
{
    autotext struct text word = TEXT_INIT;
    const char *rest;

    text_addn(&word, s, n);
    if (word.failed) {
        w->t->failed = true;
        return;
    }
    if (w->used && w->used + width_of(word.s) > w->width)
        wrap_break(w);
    for (rest = word.s; *rest; rest += n) {
        size_t room = w->width - (w->used ? w->used : INDENT);

        n = width_fit(rest, room);
        if (!n) {
            wrap_break(w);
            continue;
        }
        wrap_put(w, rest, n, width_of(rest) < room ? width_of(rest) : room);
    }
}

/* "title: text", its words one by one. */
static void wrap_text(struct wrap *w, const char *s)
{
    while (*s) {
        size_t n = strcspn(s, " ");

        wrap_word(w, s, n);
        s += n;
        for (; *s == ' '; s++)
            if (w->used && w->used < w->width)
                wrap_put(w, " ", 1, 1);
    }
}

static void add_beneath(struct wrap *w, const struct column *k,
                        const struct cell *c)
{
    autotext struct text item = TEXT_INIT;

    text_addf(&item, "%s: ", k->title);
    cell_add_shown(c, &item);
    w->t->failed |= item.failed;
    if (item.failed)
        return;
    if (w->used && w->used + 2 + width_of(item.s) > w->width)
        wrap_break(w);
    if (w->used)
        wrap_put(w, "  ", 2, 2);
    wrap_text(w, item.s);
}

/* The columns of the line; which of them had no room for all of their text. */
static uint64_t add_line(const struct row *r, uint64_t chosen,
                         struct text *t)
{
    uint64_t cut = 0;
    bool first = true;

    for (size_t i = 0; i < columns_count; i++) {
        autotext struct text shown = TEXT_INIT;
        struct cell c;

        if (!(chosen >> i & 1))
            continue;
        column_read(&columns[i], r, &c);
        cell_add_shown(&c, &shown);
        t->failed |= shown.failed;
        text_add(t, first ? "" : " ");
        first = false;
        if (!shown.failed && !add_place(t, &columns[i], shown.s))
            cut |= UINT64_C(1) << i;
        cell_free(&c);
    }
    end_line(t);
    return cut;
}

static void row(const struct show *s, const struct row *r, struct text *t)
{
    uint64_t chosen = choose(s);
    uint64_t beneath = ~chosen | add_line(r, chosen, t);
    struct wrap w = { t, s->width, 0 };

    for (size_t i = 0; i < columns_count && !s->short_rows; i++) {
        struct cell c;

        if (!(beneath >> i & 1) || !show_has(s, &columns[i], true))
            continue;
        column_read(&columns[i], r, &c);
        if (c.kind != CELL_NONE)
            add_beneath(&w, &columns[i], &c);
        cell_free(&c);
    }
    if (w.used)
        end_line(t);
}

/* -------------------------------------------------------------------- end */

static void add_left_out(const struct show *s, struct text *t)
{
    autotext struct text names = TEXT_INIT;
    uint64_t chosen = choose(s);
    struct wrap w = { t, s->width, 0 };

    for (size_t i = 0; i < columns_count; i++) {
        if (chosen >> i & 1 || !show_has(s, &columns[i], true))
            continue;
        text_add(&names, names.len ? ", " : "not shown: ");
        text_add(&names, columns[i].title);
    }
    t->failed |= names.failed;
    if (names.failed || !names.s)
        return;
    wrap_text(&w, names.s);
    end_line(t);
}

static void add_note(const struct show *s, const char *note, struct text *t)
{
    autotext struct text shown = TEXT_INIT;
    struct wrap w = { t, s->width, strlen("note: ") };

    text_add_shown(&shown, note);
    t->failed |= shown.failed;
    text_add(t, "note: ");
    wrap_text(&w, shown.s ? shown.s : "");
    end_line(t);
}

static void end(const struct show *s, const struct notes *notes,
                bool complete, struct text *t)
{
    if (s->rows && s->short_rows)
        add_left_out(s, t);
    if (!s->quiet)
        text_addf(t, "%" PRIu64 " snapshot%s, %" PRIu64 " GiB of volumes%s\n",
                  s->rows, s->rows == 1 ? "" : "s", s->gib,
                  complete ? "" : "; these are not all");
    for (size_t i = 0; i < notes->count; i++)
        add_note(s, notes->list[i], t);
}

const struct show_format show_table = { begin, region, row, end };
