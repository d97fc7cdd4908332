/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/kept-folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/folder.h"
#include "base/scope.h"

#define LOG_END ".access.jsonl"

struct names {
    char **of;
    size_t count, room;
};

static int add_rows(const struct kept_config *c, struct kept_set *to,
                    const struct kept_log *l, struct err *e)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct kept_row *r = &l->rows[i];

        if (r->dropped || (c->origins && !r->from.request_id[0]))
            kept_set_remove(to, r->index);
        else if (kept_set_put(to, r->index, r->sha256, &r->from) < 0)
            return err_nomem(e);
    }
    return 0;
}

static void tell(const struct kept_config *c, const char *path,
                 const struct err *why)
{
    autotext struct text t = TEXT_INIT;

    text_addf(&t, "the blocks of %s are fetched again: %s", path, why->msg);
    if (!t.failed)
        c->note(c->ctx, t.s);
}

/* A log that does not count is told, and is no reason to read nothing. */
static int take_log(const struct kept_config *c, struct kept_set *to,
                    const char *path, struct err *e)
{
    struct kept_log l;
    struct err why = ERR_INIT;
    int r = kept_log_read(path, &c->of, &l, &why);

    if (r < 0 && (why.kind == ERR_INTERRUPTED || why.kind == ERR_INTERNAL)) {
        *e = why;
    } else if (r < 0) {
        tell(c, path, &why);
        r = 0;
    } else if (l.count) {
        r = add_rows(c, to, &l, e);
        if (r == 0 && c->counts)
            r = c->counts(c->ctx, path, l.head, l.blocks, e);
    }
    kept_log_free(&l);
    return r;
}

/* ------------------------------------------------------------------- names */

/* SNAPSHOT-anything.access.jsonl */
static bool is_log(const char *file, const char *snapshot)
{
    size_t n = strlen(snapshot);

    return strncmp(file, snapshot, n) == 0 && file[n] == '-'
        && text_ends_with(file, LOG_END);
}

static int add_name(struct names *n, const char *file, struct err *e)
{
    if (n->count == n->room) {
        size_t room = n->room ? 2 * n->room : 16;
        char **more = realloc(n->of, room * sizeof(*more));

        if (!more)
            return err_nomem(e);
        n->of = more;
        n->room = room;
    }
    n->of[n->count] = strdup(file);
    return n->of[n->count++] ? 0 : err_nomem(e);
}

static int list(const struct kept_config *c, struct names *n, struct err *e)
{
    DIR *d = folder_list(c->folder);
    const struct dirent *entry;
    int r = 0;

    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot read the folder %s",
                       c->folder);
    while (r == 0 && (entry = readdir(d)))
        if (is_log(entry->d_name, c->of.snapshot))
            r = add_name(n, entry->d_name, e);
    closedir(d);
    return r;
}

/* By their times: of several in one second the first has no number. */
static int by_time(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    size_t n = strlen(x) - strlen(LOG_END), m = strlen(y) - strlen(LOG_END);
    int r = strncmp(x, y, n < m ? n : m);

    return r ? r : n < m ? -1 : n > m;
}

static int take_all(const struct kept_config *c, struct kept_set *to,
                    const struct names *n, struct err *e)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < n->count; i++) {
        autotext struct text path = TEXT_INIT;

        text_addf(&path, "%s/%s", c->folder, n->of[i]);
        r = path.failed ? err_nomem(e) : take_log(c, to, path.s, e);
    }
    return r;
}

int kept_folder_read(const struct kept_config *c, struct kept_set *to,
                     struct err *e)
{
    struct names n = { 0 };
    int r = list(c, &n, e);

    if (r == 0 && n.count) {
        qsort(n.of, n.count, sizeof(*n.of), by_time);
        r = take_all(c, to, &n, e);
    }
    for (size_t i = 0; i < n.count; i++)
        free(n.of[i]);
    free(n.of);
    return r;
}
