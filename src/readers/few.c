/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/few.h"

#include <stdlib.h>
#include <string.h>

/* Where the text is, or f->n.  Two that are the same as far as one is kept are
 * one. */
static size_t find(const struct few *f, const char *text)
{
    size_t i = 0;

    while (i < f->n && strncmp(f->rows[i].text, text, FEW_TEXT) != 0)
        i++;
    return i;
}

bool few_has(const struct few *f, const char *text)
{
    return find(f, text) < f->n;
}

int few_add(struct few *f, const char *text, struct err *e)
{
    size_t i = find(f, text);

    if (!*text)
        return 0;
    if (i < f->n) {
        f->rows[i].count++;
        return 0;
    }
    if (f->n == FEW_MAX) {
        f->others++;
        return 0;
    }
    f->rows[f->n].text = strndup(text, FEW_TEXT);
    if (!f->rows[f->n].text)
        return err_nomem(e);
    f->rows[f->n++].count = 1;
    return 0;
}

void few_free(struct few *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->rows[i].text);
    memset(f, 0, sizeof(*f));
}
