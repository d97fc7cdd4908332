/* SPDX-License-Identifier: Apache-2.0 */
#include "image/raw.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/scope.h"
#include "base/text.h"

struct list {
    char **paths;
    size_t n;
    uint64_t size;        /* of all */
    uint64_t piece;       /* of the first */
    uint64_t last;        /* of the last */
};

static int add(struct list *l, char *path, const struct stat *st,
               struct err *e)
{
    char **more = realloc(l->paths, (l->n + 2) * sizeof(*more));

    if (!more) {
        free(path);
        return err_nomem(e);
    }
    l->paths = more;
    l->paths[l->n++] = path;
    l->paths[l->n] = NULL;
    l->last = (uint64_t)st->st_size;
    l->size += l->last;
    if (l->n == 1)
        l->piece = l->last;
    return 0;
}

static int add_first(struct list *l, const char *first, struct err *e)
{
    char *path = strdup(first);
    struct stat st;

    if (!path)
        return err_nomem(e);
    if (file_stat(path, &st) < 0) {
        err_set(e, ERR_USAGE, errno, "cannot read %s", path);
        free(path);
        return -1;
    }
    return add(l, path, &st, e);
}

/* ---------------------------------------------------------------- pieces */

static bool is_first_piece(const char *path)
{
    return text_ends_with(path, PIECE_SUFFIX);
}

/* 1, or 0 when there is no piece of that number. */
static int add_piece(struct list *l, const char *base, size_t number,
                     struct err *e)
{
    struct stat st;
    char *path;

    if (asprintf(&path, "%s.%03zu", base, number) < 0)
        return err_nomem(e);
    if (file_stat(path, &st) < 0) {
        bool gone = errno == ENOENT;

        if (!gone)
            err_set(e, ERR_USAGE, errno, "cannot read %s", path);
        free(path);
        return gone ? 0 : -1;
    }
    if (l->last != l->piece || !S_ISREG(st.st_mode)) {
        err_set(e, ERR_VERIFY, 0, "the piece before %s is %" PRIu64
                " bytes long instead of %" PRIu64, path, l->last, l->piece);
        free(path);
        return -1;
    }
    return add(l, path, &st, e) < 0 ? -1 : 1;
}

/* Digits behind the base: a piece of this image. */
static bool is_piece(const char *name, const char *file)
{
    size_t n = strlen(name);

    return strncmp(file, name, n) == 0 && file[n] == '.'
        && strlen(file + n + 1) >= 3
        && strspn(file + n + 1, "0123456789") == strlen(file + n + 1);
}

static int check_gap(const struct list *l, const char *base, struct err *e)
{
    autofree char *folder = file_folder(base);
    DIR *d = folder ? folder_list(folder) : NULL;
    struct dirent *entry;
    size_t n = 0;

    if (!d)
        return err_set(e, ERR_USAGE, errno, "cannot look into the folder "
                       "of %s", base);
    while ((entry = readdir(d)))
        n += is_piece(file_name(base), entry->d_name);
    closedir(d);
    if (n != l->n)
        return err_set(e, ERR_VERIFY, 0, "%s" PIECE_SUFFIX ": a piece is "
                       "missing: %zu follow each other, but %zu are there",
                       base, l->n, n);
    return 0;
}

static int add_pieces(struct list *l, const char *first, struct err *e)
{
    autofree char *base = strndup(first, strlen(first)
                                         - strlen(PIECE_SUFFIX));
    int r;

    if (!base)
        return err_nomem(e);
    do
        r = add_piece(l, base, l->n + 1, e);
    while (r > 0);
    if (r == 0 && l->last > l->piece)
        return err_set(e, ERR_VERIFY, 0, "%s is longer than the pieces "
                       "before it", l->paths[l->n - 1]);
    return r < 0 ? -1 : check_gap(l, base, e);
}

char **raw_paths(const char *first, uint64_t *size, struct err *e)
{
    struct list l = { 0 };

    if (add_first(&l, first, e) < 0
        || (is_first_piece(first) && add_pieces(&l, first, e) < 0)) {
        raw_paths_free(l.paths);
        return NULL;
    }
    *size = l.size;
    return l.paths;
}

void raw_paths_free(char **paths)
{
    for (size_t i = 0; paths && paths[i]; i++)
        free(paths[i]);
    free(paths);
}
