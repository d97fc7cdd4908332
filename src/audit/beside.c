/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/beside.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/scope.h"
#include "base/text.h"

static char *join(const char *prefix, const char *tail)
{
    struct text t = TEXT_INIT;

    text_add(&t, prefix);
    text_add(&t, tail);
    if (t.failed)
        text_free(&t);
    return t.s;
}

const char *beside_tail(const char *prefix, const char *name)
{
    const char *own = file_name(prefix);
    const char *file = file_name(name);
    size_t n = strlen(own);

    return strncmp(file, own, n) == 0 && file[n] == '.' ? file + n : NULL;
}

static int add(struct beside *b, const char *tail)
{
    char **more = realloc(b->tails, (b->count + 1) * sizeof(*more));

    if (!more)
        return -1;
    b->tails = more;
    more[b->count] = strdup(tail);
    return more[b->count++] ? 0 : -1;
}

/* Those that differ in case alone stand together, in one order everywhere. */
static int in_order(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    int r = strcasecmp(*x, *y);

    return r ? r : strcmp(*x, *y);
}

static int read_folder(struct beside *b, DIR *d)
{
    const struct dirent *entry;
    const char *tail;

    while ((entry = readdir(d)))
        if ((tail = beside_tail(b->prefix, entry->d_name))
            && add(b, tail) < 0)
            return -1;
    return 0;
}

int beside_read(struct beside *b, const char *prefix, struct err *e)
{
    autofree char *folder = file_folder(prefix);
    DIR *d;
    int r;

    *b = (struct beside){ .prefix = prefix };
    if (!folder)
        return err_nomem(e);
    d = folder_list(folder);
    if (!d)
        return 0;
    r = read_folder(b, d);
    closedir(d);
    if (r < 0)
        return err_nomem(e);
    if (b->count)
        qsort(b->tails, b->count, sizeof(*b->tails), in_order);
    return 0;
}

/* The first of those that differ in case, in an order that no folder makes. */
static bool is_better(const char *name, const char *own, const char *best)
{
    size_t n = strlen(own);

    if (strncasecmp(name, own, n) != 0 || name[n] != '.')
        return false;
    if (!best[0] || strncmp(name, own, n) == 0)
        return true;
    return strncmp(best, own, n) != 0 && strncmp(name, best, n) < 0;
}

char *beside_spelling(const char *prefix)
{
    autofree char *folder = file_folder(prefix);
    char *spelled = strdup(prefix);
    const char *own = file_name(prefix);
    char *best = spelled ? spelled + (own - prefix) : NULL;
    const struct dirent *entry;
    size_t n = strlen(own);
    bool found = false;
    DIR *d = folder && spelled ? folder_list(folder) : NULL;

    while (d && (entry = readdir(d)))
        if (is_better(entry->d_name, own, found ? best : "")) {
            memcpy(best, entry->d_name, n);
            found = true;
        }
    if (d)
        closedir(d);
    return spelled;
}

void beside_free(struct beside *b)
{
    for (size_t i = 0; i < b->count; i++)
        free(b->tails[i]);
    free(b->tails);
    *b = (struct beside){ 0 };
}

static int ignoring_case(const void *tail, const void *other)
{
    const char *const *o = other;

    return strcasecmp(tail, *o);
}

char *beside_path(const struct beside *b, const char *tail)
{
    autofree char *path = join(b->prefix, tail);
    char *exact = path;
    char **found = NULL;

    if (!path)
        return NULL;
    if (file_exists(path)) {
        path = NULL;
        return exact;
    }
    if (b->count)
        found = bsearch(tail, b->tails, b->count, sizeof(*b->tails),
                        ignoring_case);
    return found ? join(b->prefix, *found) : NULL;
}
