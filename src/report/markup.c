/* SPDX-License-Identifier: Apache-2.0 */
#include "report/markup.h"

#include <string.h>

static const char *entity(int32_t cp)
{
    switch (cp) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* U+FFFE and U+FFFF of each plane, and U+FDD0 to U+FDEF, are no characters. */
static bool is_none(int32_t cp)
{
    return (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef);
}

void markup_add(struct text *t, const char *s)
{
    autotext struct text shown = TEXT_INIT;
    size_t used;

    text_add(&shown, "");
    text_add_shown(&shown, s);
    t->failed |= shown.failed;
    if (shown.failed)
        return;
    for (const char *p = shown.s; *p; p += used) {
        int32_t cp = text_utf8(p, shown.len - (size_t)(p - shown.s), &used);
        const char *as = entity(cp);

        if (as)
            text_add(t, as);
        else if (is_none(cp))
            text_addf(t, "\\u%04x", (unsigned)cp);
        else
            text_addn(t, p, used);
    }
}
