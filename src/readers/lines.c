/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/lines.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/width.h"

#define WIDTH_USUAL 80u
#define WIDTH_LEAST 40u
#define WIDTH_MOST 1000u

#define LABEL 10u   /* places, with the blanks behind it */

void lines_begin(struct lines *l)
{
    struct winsize w;

    memset(l, 0, sizeof(*l));
    l->width = WIDTH_USUAL;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) < 0 || w.ws_col == 0)
        return;
    l->width = w.ws_col < WIDTH_LEAST ? WIDTH_LEAST
        : w.ws_col > WIDTH_MOST ? WIDTH_MOST : w.ws_col;
}

static void add_spaces(struct text *t, size_t n)
{
    for (; n; n--)
        text_add(t, " ");
}

/* Bytes of the words that make a line of so many places: up to a blank, or
 * where there is none, as many as fit. */
static size_t line_of(const char *words, size_t places)
{
    size_t n = width_fit(words, places);
    size_t cut = n;

    if (!words[n])
        return n;
    while (cut && words[cut] != ' ')
        cut--;
    return cut ? cut : n ? n : strlen(words);
}

static void add_words(struct lines *l, size_t at, const char *words)
{
    while (*words) {
        size_t n = line_of(words, l->width - at);

        text_addn(&l->t, words, n);
        text_add(&l->t, "\n");
        for (words += n; *words == ' '; words++)
            ;
        if (*words)
            add_spaces(&l->t, at);
    }
}

void lines_add(struct lines *l, size_t indent, const char *label,
               const char *words)
{
    autotext struct text shown = TEXT_INIT;
    size_t n = strlen(label);

    if (!*words)
        return;
    text_add_shown(&shown, words);
    l->t.failed |= shown.failed;
    if (shown.failed)
        return;
    add_spaces(&l->t, indent);
    text_add(&l->t, label);
    if (n)
        add_spaces(&l->t, n < LABEL ? LABEL - n : 1);
    add_words(l, indent + (n ? (n < LABEL ? LABEL : n + 1) : 0), shown.s);
}
