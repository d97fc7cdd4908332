/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/fs.h"

#include <inttypes.h>
#include <string.h>

int fs_source_read(const struct fs_source *s, uint64_t offset, void *to,
                   size_t n, struct err *e)
{
    uint64_t end;

    if (__builtin_add_overflow(offset, n, &end) || end > s->size)
        return err_set(e, ERR_SOURCE, 0, "%zu bytes at %" PRIu64 " are past "
                       "the end, which is at %" PRIu64, n, offset, s->size);
    return n ? s->read(s->ctx, offset, to, n, e) : 0;
}

static bool leads_nowhere(const char *name, size_t n)
{
    return n == 0 || (n == 1 && name[0] == '.')
        || (n == 2 && name[0] == '.' && name[1] == '.');
}

bool fs_path_add(struct text *path, const char *name, size_t n, bool *odd)
{
    size_t before = path->len;

    if (leads_nowhere(name, n) || n > FS_NAME_MAX)
        return false;
    if (before != 1 || path->s[0] != '/')
        text_add(path, "/");
    for (size_t i = 0; i < n; i++) {
        if (name[i] == '/' || name[i] == '\0') {
            text_add(path, name[i] ? "\\x2f" : "\\x00");
            *odd = true;
        } else {
            text_addn(path, name + i, 1);
        }
    }
    if (!path->failed && path->len <= FS_PATH_MAX)
        return true;
    fs_path_cut(path, before);
    return false;
}

void fs_path_cut(struct text *path, size_t len)
{
    if (!path->s || path->len < len)
        return;
    path->len = len;
    path->s[len] = '\0';
}
