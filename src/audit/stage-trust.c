/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the folder of an earlier run is believed. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/stage-private.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"

/* The copy is his who makes it, and nobody else can write in it. */
static int add_remedy(const struct stage *s, struct err *e)
{
    autotext struct text folder = TEXT_INIT, name = TEXT_INIT;
    struct err why = *e;

    text_add_quoted(&folder, s->folder);
    text_add_quoted(&name, s->name);
    if (folder.failed || name.failed)
        return err_nomem(e);
    return err_set(e, ERR_DEST, 0, "%s: what is there could be changed while "
                   "it is gone on with; go on with a copy in a folder of your "
                   "own: (umask 077 && mkdir ~/%s.copy && cp -r -- %s ~/%s."
                   "copy/) && ebsimg acquire --resume ~/%s.copy/%s", why.msg,
                   name.s, folder.s, name.s, name.s, name.s);
}

static int check_file(const struct stage *s, const char *file, struct err *e)
{
    autofree char *path = stage_join(s->folder, "/", file);
    struct err why = ERR_INIT;
    struct stat st = { 0 };

    if (!path)
        return err_nomem(e);
    if (private_check_file(&s->own, path, &st, &why) == 0
        && (stage_is_published(s, file)
            || file_check_ours(&st, path, &why) == 0))
        return 0;
    if (why.os_errno == ENOENT) /* another run, on its way out */
        return 0;
    *e = why;
    return S_ISREG(st.st_mode) ? add_remedy(s, e) : -1;
}

static bool is_of_run(const struct stage *s, const char *file)
{
    size_t n = strlen(s->name);

    return strncmp(file, s->name, n) == 0 && file[n] == '.';
}

static int check_files(const struct stage *s, struct err *e)
{
    DIR *d = folder_list(s->folder);
    const struct dirent *entry;
    int r = 0;

    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot read the folder %s",
                       s->folder);
    while (r == 0 && (entry = readdir(d)))
        if (is_of_run(s, entry->d_name))
            r = check_file(s, entry->d_name, e);
    closedir(d);
    return r;
}

int stage_trust(struct stage *s, struct err *e)
{
    autofree char *probe = stage_join(s->name, STAGE_PROBE, "");

    if (!probe)
        return err_nomem(e);
    if (private_enter(&s->own, s->folder, probe, e) < 0)
        return -1;
    if (private_check(&s->own, s->folder, e) < 0)
        return add_remedy(s, e);
    return check_files(s, e);
}
