/* SPDX-License-Identifier: Apache-2.0 */
/* The names in the directories, and what their inodes say. */

#ifdef HAVE_TSK

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "fs/tsk-private.h"
#include "fs/visited.h"

struct walk {
    struct fs *fs;
    const struct fs_visitor *v;
    struct visited visited;
    struct text path;          /* of what is visited just now */
    bool odd;
    TSK_LIST *named;           /* free inodes that have a name */
    uint64_t found;
};

/* ------------------------------------------------------------------ entry */

static enum fs_type type_of(int type)
{
    switch (type) {
    case TSK_FS_META_TYPE_REG: return FS_FILE;
    case TSK_FS_META_TYPE_DIR:
    case TSK_FS_META_TYPE_VIRT_DIR: return FS_DIR;
    case TSK_FS_META_TYPE_FIFO: return FS_FIFO;
    case TSK_FS_META_TYPE_CHR: return FS_CHAR;
    case TSK_FS_META_TYPE_BLK: return FS_BLOCK;
    case TSK_FS_META_TYPE_LNK: return FS_LINK;
    case TSK_FS_META_TYPE_SOCK: return FS_SOCKET;
    default: return FS_OTHER;
    }
}

static void set_time(struct fs_entry *f, enum fs_time which, int64_t seconds,
                     uint32_t ns, bool always)
{
    int64_t t;

    if ((seconds == 0 && !always) || ns >= 1000000000
        || __builtin_mul_overflow(seconds, 1000000000, &t)
        || __builtin_add_overflow(t, ns, &t))
        return;
    f->times |= 1u << which;
    f->time[which] = t;
}

static void set_times(struct fs_entry *f, const TSK_FS_META *m, bool unix_like)
{
    set_time(f, FS_MODIFIED, m->mtime, m->mtime_nano, unix_like);
    set_time(f, FS_ACCESSED, m->atime, m->atime_nano, unix_like);
    set_time(f, FS_CHANGED, m->ctime, m->ctime_nano, unix_like);
    set_time(f, FS_BORN, m->crtime, m->crtime_nano, false);
}

static void set_meta(const struct walk *w, struct fs_entry *f,
                     const TSK_FS_META *m)
{
    bool unix_like = w->fs->is_ext || TSK_FS_TYPE_HFS == w->fs->info->ftype;

    f->type = type_of(m->type);
    f->size = m->size > 0 ? (uint64_t)m->size : 0;
    f->links = m->nlink > 0 ? (unsigned)m->nlink : 0;
    f->has_mode = f->has_owner = unix_like;
    f->mode = (uint32_t)m->mode & 07777;
    f->uid = (uint32_t)m->uid;
    f->gid = (uint32_t)m->gid;
    f->target = m->link;
    set_times(f, m, unix_like);
}

static bool is_virtual(const TSK_FS_FILE *file)
{
    return (file->meta && (file->meta->type == TSK_FS_META_TYPE_VIRT
                           || file->meta->type == TSK_FS_META_TYPE_VIRT_DIR))
        || (file->name && (file->name->type == TSK_FS_NAME_TYPE_VIRT));
}

static int visit_streams(struct walk *w, const TSK_FS_FILE *file,
                         const struct fs_entry *whole, struct err *e);

/* What the library has of ext's times is not all of it.  Times that cannot be
 * read are none. */
static void mend_times(const struct walk *w, struct fs_entry *f)
{
    struct err ignored = ERR_INIT;

    if (ext_times(&w->fs->cached, &w->fs->layout, f, &ignored) < 0)
        f->times = 0;
}

/* A link that is too long for its inode, and that the library does not
 * follow.  Its memory is the caller's. */
static char *read_target(const TSK_FS_META *m, TSK_FS_FILE *file)
{
    size_t n = (size_t)m->size;
    char *s;

    if (m->type != TSK_FS_META_TYPE_LNK || m->link || m->size <= 0
        || m->size > 4096 || !(s = calloc(1, n + 1)))
        return NULL;
    if (tsk_fs_file_read(file, 0, s, n, TSK_FS_FILE_READ_FLAG_NONE)
        == (ssize_t)n)
        return s;
    tsk_error_reset();
    free(s);
    return NULL;
}

static int visit_entry(struct walk *w, TSK_FS_FILE *file, struct err *e)
{
    const TSK_FS_META *m = file->meta;
    autofree char *target = NULL;
    struct fs_entry f = {
        .path = w->path.s,
        .odd_name = w->odd,
        .type = FS_OTHER,
    };

    if (is_virtual(file))
        return 0;
    w->found++;
    f.deleted = (file->name && (file->name->flags & TSK_FS_NAME_FLAG_UNALLOC))
        || (m && (m->flags & TSK_FS_META_FLAG_UNALLOC));
    f.inode = m ? m->addr : file->name ? file->name->meta_addr : 0;
    f.reused = f.deleted && m && (m->flags & TSK_FS_META_FLAG_ALLOC);
    if (m && !f.reused) {
        set_meta(w, &f, m);
        if (w->fs->is_ext)
            mend_times(w, &f);
        target = read_target(m, file);
        f.target = target ? target : f.target;
    }
    if (w->v->entry(w->v->ctx, &f, e) < 0)
        return -1;
    return w->fs->is_ntfs && m && !f.reused ? visit_streams(w, file, &f, e)
                                            : 0;
}

/* Other contents of a file of NTFS, where things are hidden: NAME:STREAM. */
static int visit_streams(struct walk *w, const TSK_FS_FILE *file,
                         const struct fs_entry *whole, struct err *e)
{
    struct fs_entry f = *whole;
    size_t before = w->path.len;
    const TSK_FS_ATTR *a = file->meta->attr ? file->meta->attr->head : NULL;

    for (; a; a = a->next) {
        if (!(a->flags & TSK_FS_ATTR_INUSE) || !a->name || !*a->name
            || a->type != TSK_FS_ATTR_TYPE_NTFS_DATA)
            continue;
        text_addf(&w->path, ":%s", a->name);
        f.path = w->path.s;
        f.type = FS_FILE;
        f.stream = a->id;
        f.size = a->size > 0 ? (uint64_t)a->size : 0;
        if (w->v->entry(w->v->ctx, &f, e) < 0)
            return -1;
        fs_path_cut(&w->path, before);
    }
    return w->path.failed ? err_nomem(e) : 0;
}

/* --------------------------------------------------------------- directory */

/* The first part of a path that is looked for, and what follows it. */
static size_t first_part(const char **rest)
{
    *rest += strspn(*rest, "/");
    return strcspn(*rest, "/");
}

static bool is_part(const struct walk *w, const char *name, const char *part,
                    size_t n)
{
    char wanted[FS_NAME_MAX];
    const char *stream = w->fs->is_ntfs ? memchr(part, ':', n) : NULL;

    if (stream)
        n = (size_t)(stream - part);
    if (n >= sizeof(wanted))
        return false;
    memcpy(wanted, part, n);
    wanted[n] = '\0';
    return w->fs->info->name_cmp(w->fs->info, name, wanted) == 0;
}

static void note_dir(struct walk *w, struct err *why)
{
    autotext struct text t = TEXT_INIT;

    text_addf(&t, "%s: not all of this directory could be read: %s",
              w->path.s, why->msg);
    if (!t.failed)
        w->v->note(w->v->ctx, t.s);
}

/* What fs_path_add() leaves out is either no file or too much for a path. */
static void note_long(struct walk *w, const char *name)
{
    struct err why = ERR_INIT;

    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return;
    err_set(&why, ERR_SOURCE, 0, "the path of a file in it is too long");
    note_dir(w, &why);
}

static int visit_dir(struct walk *w, uint64_t inode, const char *rest,
                     unsigned depth, struct err *e);

/* A name that is deleted, and whose inode is another file's now, leads to
 * nothing of its own. */
static bool leads_on(const TSK_FS_FILE *file)
{
    return file->meta && TSK_FS_IS_DIR_META(file->meta->type)
        && !((file->name->flags & TSK_FS_NAME_FLAG_UNALLOC)
             && (file->meta->flags & TSK_FS_META_FLAG_ALLOC));
}

/* A name in ext that was not deleted leads to an inode that is in use. */
static void check_inode(struct walk *w, const TSK_FS_FILE *file)
{
    const TSK_FS_META *m = file->meta;
    autotext struct text t = TEXT_INIT;

    if (!w->fs->is_ext || !file->name || is_virtual(file)
        || (file->name->flags & TSK_FS_NAME_FLAG_UNALLOC)
        || (m && !(m->flags & TSK_FS_META_FLAG_UNALLOC)
            && type_of(m->type) != FS_OTHER))
        return;
    text_addf(&t, "%s: its inode is %s: one of both is damaged%s", w->path.s,
              m && (m->flags & TSK_FS_META_FLAG_UNALLOC) ? "free"
              : "of no known type", w->fs->facts.unreplayed
              ? ", or was changed last" : "");
    if (!t.failed)
        w->v->note(w->v->ctx, t.s);
}

static int visit_file(struct walk *w, TSK_FS_FILE *file, const char *rest,
                      unsigned depth, struct err *e)
{
    const char *name = file->name->name;
    size_t before = w->path.len;
    bool odd = w->odd;
    int r = 0;

    if (rest) {
        size_t n = first_part(&rest);

        rest += n;
        if (rest[strspn(rest, "/")] == '\0')
            rest = NULL;
    }
    if (!fs_path_add(&w->path, name, strlen(name), &w->odd)) {
        note_long(w, name);
        return 0;
    }
    if (file->meta && (file->meta->flags & TSK_FS_META_FLAG_UNALLOC))
        tsk_list_add(&w->named, file->meta->addr);
    if (!rest) {
        check_inode(w, file);
        r = visit_entry(w, file, e);
    }
    if (r == 0 && leads_on(file))
        r = visit_dir(w, file->meta->addr, rest, depth + 1, e);
    fs_path_cut(&w->path, before);
    w->odd = odd;
    return r;
}

/* The inodes of all names in a directory may be all over the disk: only those
 * that are wanted are looked at. */
static bool is_on_the_way(const struct walk *w, const TSK_FS_DIR *dir,
                          size_t i, const char *rest)
{
    const TSK_FS_NAME *name;
    size_t n;

    if (!rest)
        return true;
    name = tsk_fs_dir_get_name(dir, i);
    n = first_part(&rest);
    return name && name->name && is_part(w, name->name, rest, n);
}

static int visit_names(struct walk *w, TSK_FS_DIR *dir, const char *rest,
                       unsigned depth, struct err *e)
{
    size_t n = tsk_fs_dir_getsize(dir);

    for (size_t i = 0; i < n; i++) {
        TSK_FS_FILE *file = is_on_the_way(w, dir, i, rest)
            ? tsk_fs_dir_get(dir, i) : NULL;
        int r = file && file->name && file->name->name
            ? visit_file(w, file, rest, depth, e) : 0;

        if (file)
            tsk_fs_file_close(file);
        if (r < 0)
            return -1;
    }
    return 0;
}

/* Files without a name are in a directory that the library makes up, as the
 * last of the root, and for which it goes through all names once more, unless
 * it is told which there are: then these are few enough to be looked for among
 * the inodes alone.  The list is never empty, or it would not be believed. */
static void tell_named(struct walk *w)
{
    TSK_FS_INFO *f = w->fs->info;

    if (f->list_inum_named)
        return;
    tsk_list_add(&w->named, TSK_FS_ORPHANDIR_INUM(f));
    f->list_inum_named = w->named;
    w->named = NULL;
}

/* The entries of a block of ext fill it, each as long as it says; those of
 * an index and of a checksum look like entries that are not used. */
static bool is_filled(const unsigned char *b, size_t n)
{
    size_t at = 0;

    while (at + 8 <= n) {
        size_t len = (size_t)b[at + 4] | (size_t)b[at + 5] << 8;

        if (len < 8 || len % 4 || len > n - at)
            return false;
        at += len;
    }
    return at == n;
}

#define DIR_CHECKED (64u << 20) /* bytes of one directory */

/* What the library finds in a damaged block is less than was there. */
static void check_blocks(struct walk *w, TSK_FS_DIR *dir)
{
    size_t n = w->fs->info->block_size;
    const TSK_FS_META *m = dir->fs_file ? dir->fs_file->meta : NULL;
    autofree unsigned char *b = NULL;
    struct err why = ERR_INIT;

    if (!w->fs->is_ext || !m || n > 32768 || m->size % (TSK_OFF_T)n
        || !(b = malloc(n)))
        return;
    for (TSK_OFF_T at = 0; at < m->size && at < DIR_CHECKED;
         at += (TSK_OFF_T)n) {
        if (tsk_fs_file_read(dir->fs_file, at, (char *)b, n,
                             TSK_FS_FILE_READ_FLAG_NONE) == (ssize_t)n
            && is_filled(b, n))
            continue;
        tsk_error_reset();
        err_set(&why, ERR_SOURCE, 0, "the block at %lld of it is damaged",
                (long long)at);
        note_dir(w, &why);
        return;
    }
}

static int visit_dir(struct walk *w, uint64_t inode, const char *rest,
                     unsigned depth, struct err *e)
{
    struct err why = ERR_INIT;
    TSK_FS_DIR *dir;
    bool seen;
    int r;

    if (visited_add(&w->visited, inode, &seen, e) < 0)
        return -1;
    if (seen)
        return 0;
    if (depth >= FS_DEPTH) {
        err_set(&why, ERR_SOURCE, 0, "it is too deep");
        note_dir(w, &why);
        return 0;
    }
    if (!rest && inode == TSK_FS_ORPHANDIR_INUM(w->fs->info))
        tell_named(w);
    dir = tsk_fs_dir_open_meta(w->fs->info, inode);
    if (!dir) {
        tsk_fail(w->fs, &why);
        note_dir(w, &why);
        return 0;
    }
    if (!(dir->fs_file && dir->fs_file->meta
          && (dir->fs_file->meta->flags & TSK_FS_META_FLAG_UNALLOC)))
        check_blocks(w, dir);
    r = visit_names(w, dir, rest, depth, e);
    tsk_fs_dir_close(dir);
    return r;
}

/* ------------------------------------------------------------------- walk */

static int visit_root(struct walk *w, struct err *e)
{
    TSK_FS_FILE *root = tsk_fs_file_open_meta(w->fs->info, NULL,
                                              w->fs->info->root_inum);
    int r;

    if (!root)
        return tsk_fail(w->fs, e);
    if (!root->meta || !TSK_FS_IS_DIR_META(root->meta->type))
        w->v->note(w->v->ctx, "/: the root is no directory: it is damaged");
    r = visit_entry(w, root, e);
    tsk_fs_file_close(root);
    return r;
}

static void remark(const struct fs *f, const struct fs_visitor *v)
{
    if (!v->remark)
        return;
    if (f->facts.unreplayed)
        v->remark(v->ctx, "its journal was not replayed: what was changed "
                  "last may be shown as it was before");
    if (f->is_fat)
        v->remark(v->ctx, "its times are in the unknown zone of who wrote "
                  "them, and shown as if that were UTC");
}

int tsk_walk(struct fs *f, const char *path, const struct fs_visitor *v,
             struct err *e)
{
    struct walk w = { .fs = f, .v = v };
    bool all = path[strspn(path, "/")] == '\0';
    int r = 0;

    remark(f, v);
    text_add(&w.path, "/");
    if (all)
        r = visit_root(&w, e);
    if (r == 0)
        r = visit_dir(&w, f->info->root_inum, all ? NULL : path, 0, e);
    if (w.path.failed)
        r = err_nomem(e);
    tsk_list_free(w.named);
    text_free(&w.path);
    visited_free(&w.visited);
    return r < 0 ? -1 : w.found == 0;
}

#endif
