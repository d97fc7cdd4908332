/* SPDX-License-Identifier: Apache-2.0 */
#include "image/ewf.h"

#include <string.h>

#include "base/text.h"

/* Tab and newline separate fields in the header, and libewf escapes nothing;
 * the other controls would garble whatever shows the field. */
static void add(struct text *t, int32_t cp, const char *s, size_t used)
{
    if (cp < 0)
        text_add(t, "?");
    else if (text_is_control(cp))
        text_add(t, " ");
    else
        text_addn(t, s, used);
}

char *ewf_text(const char *s, size_t limit)
{
    struct text t = TEXT_INIT;
    size_t n = strlen(s);
    size_t used;

    text_add(&t, "");
    for (; n && limit; s += used, n -= used, limit--) {
        int32_t cp = text_utf8(s, n, &used);

        add(&t, cp, s, used);
    }
    if (t.failed)
        text_free(&t);
    return t.s;
}
