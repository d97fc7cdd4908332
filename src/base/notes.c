/* SPDX-License-Identifier: Apache-2.0 */
#include "base/notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int notes_add(struct notes *n, struct err *e, const char *fmt, ...)
{
    char **more = realloc(n->list, (n->count + 1) * sizeof(*more));
    va_list ap;
    int r;

    if (!more)
        return err_nomem(e);
    n->list = more;
    va_start(ap, fmt);
    r = vasprintf(&more[n->count], fmt, ap);
    va_end(ap);
    if (r < 0)
        return err_nomem(e);
    n->count++;
    return 0;
}

void notes_free(struct notes *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->list[i]);
    free(n->list);
    *n = (struct notes){ 0 };
}
