/* SPDX-License-Identifier: Apache-2.0 */
#include "report/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"

#define MUCH (1 * MIB)
#define PARTIAL_SUFFIX ".new"

int sheet_open(struct sheet *s, const char *path, struct err *e)
{
    struct text name = TEXT_INIT;

    *s = (struct sheet){ .fd = -1 };
    if (!path)
        return 0;
    if (file_exists(path))
        return err_set(e, ERR_DEST, EEXIST, "%s", path);
    text_add(&name, path);
    text_add(&name, PARTIAL_SUFFIX);
    s->path = strdup(path);
    s->partial = name.s;
    if (!s->path || name.failed)
        return err_nomem(e);
    s->made = file_create(s->partial, &s->fd, e) == 0;
    return s->made ? 0 : -1;
}

static int write_out(struct sheet *s, struct err *e)
{
    int r = 0;

    if (s->t.failed)
        return err_nomem(e);
    if (s->path)
        r = file_write(s->fd, s->t.s, s->t.len, s->partial, e);
    else if (fwrite(s->t.s, 1, s->t.len, stdout) != s->t.len)
        r = err_set(e, ERR_DEST, 0, "cannot write to standard output");
    text_clear(&s->t);
    return r;
}

int sheet_flush(struct sheet *s, struct err *e)
{
    return s->t.failed || s->t.len > MUCH ? write_out(s, e) : 0;
}

int sheet_finish(struct sheet *s, struct err *e)
{
    if (write_out(s, e) < 0)
        return -1;
    if (!s->path)
        return 0;
    if (file_sync(s->fd, s->partial, e) < 0
        || file_close(&s->fd, s->partial, e) < 0
        || file_publish(s->partial, s->path, e) < 0)
        return -1;
    s->made = false;
    return file_sync_folder_of(s->path, e);
}

void sheet_close(struct sheet *s)
{
    struct err ignored = ERR_INIT;

    if (s->fd >= 0)
        file_close(&s->fd, s->partial, &ignored);
    if (s->made)
        file_remove(s->partial, &ignored);
    free(s->partial);
    free(s->path);
    text_free(&s->t);
    *s = (struct sheet){ .fd = -1 };
}
