/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"

#include <stdbool.h>
#include <string.h>

/* What makes a spreadsheet take a cell for a formula, in full width too. */
static bool is_formula(const char *s)
{
    static const char *const starts[] = {
        "=", "+", "-", "@", "\t", "\r", "\n",
        "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0",
    };

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (strncmp(s, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static void add_quoted(struct text *t, const char *s)
{
    text_add(t, "\"");
    for (const char *quote; (quote = strchr(s, '"')); s = quote + 1) {
        text_addn(t, s, (size_t)(quote - s) + 1);
        text_add(t, "\"");
    }
    text_add(t, s);
    text_add(t, "\"");
}

void csv_add(struct text *t, const char *s)
{
    autotext struct text cell = TEXT_INIT;

    text_add(&cell, is_formula(s) ? "'" : "");
    text_add_shown(&cell, s);
    t->failed |= cell.failed;
    if (cell.failed)
        return;
    if (strpbrk(cell.s, "\",") || cell.s[0] == ' '
        || (cell.len && cell.s[cell.len - 1] == ' '))
        add_quoted(t, cell.s);
    else
        text_add(t, cell.s);
}
