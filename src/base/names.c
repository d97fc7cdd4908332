/* SPDX-License-Identifier: Apache-2.0 */
#include "base/names.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct named {
    const char *name;
    size_t number;
};

static int compare(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;

    return strcmp(x->name, y->name);
}

size_t names_find(const struct names *n, const char *name)
{
    const struct named wanted = { name, 0 };
    struct named *const *found = tfind(&wanted, &n->root, compare);

    return found ? (*found)->number : NAMES_NONE;
}

int names_add(struct names *n, const char *name, size_t number,
              struct err *e)
{
    struct named *x = malloc(sizeof(*x));
    struct named **found;

    if (!x)
        return err_nomem(e);
    *x = (struct named){ name, number };
    found = tsearch(x, &n->root, compare);
    if (!found || *found != x)
        free(x);
    return found ? 0 : err_nomem(e);
}

void names_free(struct names *n)
{
    tdestroy(n->root, free);
    n->root = NULL;
}
