/* SPDX-License-Identifier: Apache-2.0 */
/* From the folder to the final names: all of them, or none. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/stage-private.h"
#include "base/file.h"
#include "base/scope.h"

/* Two names of one file.  Some file systems give one number to several (those
 * of other systems' shares, FUSE): then the rest must be the same, too. */
static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino
        && a->st_mode == b->st_mode && a->st_size == b->st_size
        && a->st_mtim.tv_sec == b->st_mtim.tv_sec
        && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool stage_is_published(const struct stage *s, const char *file)
{
    autofree char *staged = stage_join(s->folder, "/", file);
    autofree char *final = stage_join(s->prefix, file + strlen(s->name), "");
    struct stat a, b;

    return staged && final && file_lstat(staged, &a) == 0
        && file_lstat(final, &b) == 0 && is_same_file(&a, &b);
}

/* To its final name, or back into the folder. */
static int move(const struct stage *s, const char *file, bool out,
                struct err *e)
{
    autofree char *staged = stage_join(s->folder, "/", file);
    autofree char *final = stage_join(s->prefix, file + strlen(s->name), "");

    if (!staged || !final)
        return err_nomem(e);
    if (out && stage_is_published(s, file))
        return file_remove(staged, e);
    return out ? file_publish(staged, final, e)
               : file_publish(final, staged, e);
}

static bool is_last(const struct stage *s, const char *file,
                    const char *last)
{
    return strcmp(file + strlen(s->name), last) == 0;
}

/* All but `last'; *n is how many names have been worked off. */
static int publish_others(const struct stage *s, char **names,
                          const char *last, size_t *n, struct err *e)
{
    for (*n = 0; names[*n]; ++*n)
        if (!is_last(s, names[*n], last) && move(s, names[*n], true, e) < 0)
            return -1;
    return 0;
}

/* Its name says that the others are there: they must be, on the disk. */
static int publish_last(const struct stage *s, char **names,
                        const char *last, struct err *e)
{
    if (file_sync_folder_of(s->prefix, e) < 0)
        return -1;
    for (size_t i = 0; names[i]; i++)
        if (is_last(s, names[i], last))
            return move(s, names[i], true, e);
    return 0;
}

/* Half a set under final names helps nobody.  What cannot go back is a whole
 * file all the same: false. */
static bool take_back(const struct stage *s, char **names, const char *last,
                      size_t n)
{
    struct err ignored = ERR_INIT;
    bool all = true;

    for (size_t i = 0; i < n; i++)
        if (!is_last(s, names[i], last)
            && move(s, names[i], false, &ignored) < 0)
            all = false;
    return all;
}

int stage_take_back(const struct stage *s, const char *suffix,
                    struct err *e)
{
    autofree char *file = stage_join(s->name, suffix, "");
    autofree char *staged = stage_path(s, suffix);
    autofree char *final = stage_final(s, suffix);

    if (!file || !staged || !final)
        return err_nomem(e);
    if (!stage_is_ours(s, file) || !file_exists(final))
        return 0;
    if (stage_is_published(s, file))
        return file_remove(final, e);
    return file_publish(final, staged, e);
}

static int publish_all(const struct stage *s, const char *last,
                       struct err *e)
{
    char **names = stage_names(s, e);
    size_t n = 0;
    int r = -1;

    if (names && publish_others(s, names, last, &n, e) == 0)
        r = publish_last(s, names, last, e);
    if (r < 0)
        err_in(e, take_back(s, names, last, n)
               ? "the image is whole but stays in %s"
               : "the image is whole, but only a part of its files could "
                 "leave %s", s->folder);
    stage_names_free(names);
    return r;
}

int stage_publish(struct stage *s, const char *last, struct err *e)
{
    if (stage_check(s, e) < 0 || publish_all(s, last, e) < 0)
        return -1;
    if (file_sync_folder_of(s->prefix, e) < 0 || stage_remove_own(s, e) < 0)
        return -1;
    if (stage_remove_folder(s) < 0 && errno != ENOTEMPTY
        && errno != EEXIST)
        return err_set(e, ERR_DEST, errno, "cannot remove the folder %s",
                       s->folder);
    return file_sync_folder_of(s->prefix, e);
}
