/* SPDX-License-Identifier: Apache-2.0 */
/* All files, or those below a path. */
#include <stdio.h>

#include "base/file.h"
#include "files/files.h"
#include "show/tell.h"

struct listing {
    const struct files_format *format;
    struct files_totals *sum;
    struct text line;
};

static int put(struct listing *l, struct err *e)
{
    if (l->line.failed)
        return err_nomem(e);
    if (l->line.len)
        fwrite(l->line.s, 1, l->line.len, stdout);
    text_clear(&l->line);
    if (ferror(stdout))
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

static int on_part(void *ctx, const struct part_info *i, struct err *e)
{
    struct listing *l = ctx;

    files_tell_part(i, l->sum);
    l->format->part(i, &l->line);
    return put(l, e);
}

static int on_entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    struct listing *l = ctx;

    l->sum->files++;
    l->format->entry(&l->sum->part, f, &l->line);
    return put(l, e);
}

static void on_note(void *ctx, const char *text)
{
    const struct listing *l = ctx;

    files_tell_note(l->sum, text);
}

static void on_remark(void *ctx, const char *text)
{
    const struct listing *l = ctx;

    files_tell_remark(l->sum, text);
}

static int walk(struct listing *l, struct session *s,
                const struct files_options *o, const char *path,
                struct err *e)
{
    const struct session_visitor v = { .ctx = l, .part = on_part,
        .entry = on_entry, .note = on_note, .remark = on_remark };
    struct wire_job job;

    if (files_job(o, &job, e) < 0)
        return -1;
    l->format->begin(&l->line);
    if (put(l, e) < 0 || session_walk(s, job, path, &v, e) < 0)
        return -1;
    if (files_check_parts(&job, l->sum, s->volume.name, e) < 0)
        return -1;
    if (l->sum->files == 0 && path[1])
        return err_set(e, ERR_SOURCE, 0, "%s: no such file in %s%s", path,
                       s->volume.name, file_exists(path) ? "; to compare "
                       "with the image of that name, add / as the path"
                       : "");
    l->sum->blocks = session_blocks(s);
    l->format->end(l->sum, &l->line);
    return put(l, e);
}

int files_list(struct session *s, const struct files_options *o,
               const char *path, struct files_totals *sum, struct err *e)
{
    struct listing l = {
        .format = o->json ? &files_json : o->csv ? &files_csv
            : o->bodyfile ? &files_body : &files_text,
        .sum = sum,
    };
    int r = walk(&l, s, o, path, e);

    text_free(&l.line);
    return r;
}
