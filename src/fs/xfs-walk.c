/* SPDX-License-Identifier: Apache-2.0 */
#include "fs/xfs-walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/visited.h"
#include "fs/xfs-dir.h"
#include "fs/xfs-link.h"
#include "fs/xfs-log.h"
#include "fs/xfs-orphan.h"

struct walk {
    struct xfs_volume *volume;
    struct xfs_map *map;
    const struct fs_visitor *to;
    struct visited seen;       /* directories */
    struct visited taken;      /* blocks of directories */
    struct text path;          /* of what is visited just now */
    bool odd;
    const char *wanted;        /* path, of files without a name */
    bool found;                /* one of these */
};

/* What is on the way from the root to where we are: one for each depth. */
struct level {
    struct xfs_inode inode;
    struct xfs_dir dir;
    char target[XFS_LINK_MAX + 1];
};

/* ------------------------------------------------------------------- notes */

/* What is damaged is told, and the walk goes on; what else there is (no
 * memory, a signal, a service that gave up) ends it. */
static bool goes_on(const struct err *why)
{
    return why->kind == ERR_SOURCE || why->kind == ERR_VERIFY;
}

static int note(struct walk *w, const char *what, const struct err *why,
                struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (!goes_on(why)) {
        *e = *why;
        return -1;
    }
    text_addf(&t, "%s: %s%s", w->path.s, what, why->msg);
    if (t.failed)
        return err_nomem(e);
    w->to->note(w->to->ctx, t.s);
    return 0;
}

static int note_dir(struct walk *w, const struct err *why, struct err *e)
{
    return note(w, "not all of this directory could be read: ", why, e);
}

static void remark(struct walk *w, const char *text)
{
    if (w->to->remark)
        w->to->remark(w->to->ctx, text);
}

/* Where the log is not looked for with `search', it is only said what may
 * be. */
static int note_log(struct walk *w, bool search, struct err *e)
{
    static const char *const words[] = {
        [XFS_LOG_OPEN] = "the file system was in use: its log was not "
            "replayed, and the last changes may be missing",
        [XFS_LOG_ELSEWHERE] = "its log is on another device: the last changes "
            "may be missing",
        [XFS_LOG_UNKNOWN] = "its log was not replayed: if it was in use, the "
            "last changes may be missing",
    };
    enum xfs_log state;

    if (xfs_log_state(w->volume, search, &state, e) < 0)
        return -1;
    if (words[state])
        remark(w, words[state]);
    return 0;
}

static void note_size(struct walk *w)
{
    const struct xfs_super *s = &w->volume->super;

    if (s->blocks << s->block_log > w->volume->source->size)
        remark(w, "the file system is larger than what holds it: what is "
               "past the end cannot be read");
}

/* ------------------------------------------------------------------ visits */

static int visit_inode(struct walk *w, const struct level *l, bool deleted,
                       struct err *e)
{
    const struct xfs_inode *i = &l->inode;
    struct fs_entry f = {
        .path = w->path.s,
        .odd_name = w->odd,
        .target = i->type == FS_LINK && l->target[0] ? l->target : NULL,
        .type = i->type,
        .inode = i->number,
        .deleted = deleted,
        .size = i->size,
        .links = i->links,
        .has_mode = true,
        .has_owner = true,
        .mode = i->mode & 07777,
        .uid = i->uid,
        .gid = i->gid,
        .times = i->times,
    };

    memcpy(f.time, i->time, sizeof(f.time));
    return w->to->entry(w->to->ctx, &f, e);
}

static int read_target(struct walk *w, struct level *l, struct err *e)
{
    struct err why = ERR_INIT;

    if (l->inode.type != FS_LINK
        || xfs_link_read(w->volume, &l->inode, w->map, l->target, &why) == 0)
        return 0;
    l->target[0] = '\0';
    return note(w, "", &why, e);
}

static int visit(struct walk *w, uint64_t inode, unsigned depth,
                 struct err *e);

static int visit_name(struct walk *w, const struct xfs_name *n,
                      unsigned depth, struct err *e)
{
    size_t before = w->path.len;
    bool odd = w->odd;
    struct err why = ERR_INIT;
    int r;

    if (fs_path_add(&w->path, n->name, n->n, &w->odd)) {
        r = visit(w, n->inode, depth, e);
    } else if (w->path.failed) {
        r = err_nomem(e);
    } else {
        err_set(&why, ERR_SOURCE, 0, "a name in it is \".\" or \"..\", or the "
                "path is too long");
        r = note_dir(w, &why, e);
    }
    fs_path_cut(&w->path, before);
    w->odd = odd;
    return r;
}

static int visit_names(struct walk *w, struct level *l, unsigned depth,
                       struct err *e)
{
    for (;;) {
        struct err why = ERR_INIT;
        struct xfs_name n;
        int r = xfs_dir_next(&l->dir, &n, &why);

        if (r == 0)
            return 0;
        if (r < 0 ? note_dir(w, &why, e) < 0
                  : visit_name(w, &n, depth + 1, e) < 0)
            return -1;
    }
}

static int visit_below(struct walk *w, struct level *l, unsigned depth,
                       struct err *e)
{
    struct err why = ERR_INIT;
    bool seen;
    int r;

    if (visited_add(&w->seen, l->inode.number, &seen, e) < 0)
        return -1;
    if (seen) {
        err_set(&why, ERR_SOURCE, 0, "it has another path, too");
        return note_dir(w, &why, e);
    }
    if (depth >= FS_DEPTH) {
        err_set(&why, ERR_SOURCE, 0, "it is too deep");
        return note_dir(w, &why, e);
    }
    if (xfs_dir_open(&l->dir, w->volume, &l->inode, w->map, &w->taken,
                     &why) < 0)
        return note_dir(w, &why, e);
    r = visit_names(w, l, depth, e);
    xfs_dir_close(&l->dir);
    return r;
}

static int visit(struct walk *w, uint64_t inode, unsigned depth,
                 struct err *e)
{
    struct level *l = malloc(sizeof(*l));
    struct err why = ERR_INIT;
    int r;

    if (!l)
        return err_nomem(e);
    l->target[0] = '\0';
    if (xfs_inode_read(w->volume, inode, &l->inode, &why) < 0) {
        r = note(w, "", &why, e);
    } else {
        r = read_target(w, l, e);
        if (r == 0)
            r = visit_inode(w, l, false, e);
        if (r == 0 && l->inode.type == FS_DIR)
            r = visit_below(w, l, depth, e);
    }
    free(l);
    return r;
}

/* The path of a file without a name, or what is above it. */
static bool is_wanted(const struct walk *w)
{
    size_t n = strlen(w->wanted);

    while (n && w->wanted[n - 1] == '/')
        n--;
    return strncmp(w->path.s, w->wanted, n) == 0
        && (w->path.s[n] == '\0' || w->path.s[n] == '/');
}

/* A list may be older than the file system: an inode that has a name again is
 * visited by that. */
static int visit_orphan(struct walk *w, struct level *l, struct err *e)
{
    size_t before = w->path.len;
    int r = 0;

    l->target[0] = '\0';
    if (l->inode.links)
        return 0;
    text_addf(&w->path, "$unlinked/%" PRIu64, l->inode.number);
    if (w->path.failed)
        return err_nomem(e);
    if (is_wanted(w)) {
        w->found = true;
        r = read_target(w, l, e);
        if (r == 0)
            r = visit_inode(w, l, true, e);
    }
    fs_path_cut(&w->path, before);
    return r;
}

static int visit_orphans(struct walk *w, struct err *e)
{
    struct xfs_orphans o = { .volume = w->volume };
    struct level *l = malloc(sizeof(*l));
    int r = l ? 0 : err_nomem(e);

    while (r == 0) {
        struct err why = ERR_INIT;
        int found = xfs_orphan_next(&o, &l->inode, &why);

        if (found == 0)
            break;
        r = found < 0 ? note(w, "files without a name: ", &why, e)
                      : visit_orphan(w, l, e);
    }
    xfs_orphan_end(&o);
    free(l);
    return r;
}

/* ------------------------------------------------------------------ lookup */

/* As the path shows it: what cannot stand in a path is escaped there. */
static bool is_named(const struct xfs_name *n, const char *part, size_t len)
{
    autotext struct text shown = TEXT_INIT;
    bool odd = false;

    if (!memchr(n->name, '/', n->n) && !memchr(n->name, '\0', n->n))
        return n->n == len && memcmp(n->name, part, len) == 0;
    return fs_path_add(&shown, n->name, n->n, &odd)
        && shown.len == len + 1 && memcmp(shown.s + 1, part, len) == 0;
}

/* 1: *found; 0: there is none. */
static int find_name(struct walk *w, struct level *l, const char *part,
                     size_t len, struct xfs_name *found, struct err *e)
{
    for (;;) {
        struct err why = ERR_INIT;
        int r = xfs_dir_next(&l->dir, found, &why);

        if (r == 0 || (r > 0 && is_named(found, part, len)))
            return r;
        if (r < 0 && note_dir(w, &why, e) < 0)
            return -1;
    }
}

/* The inode of a name in a directory.  1: there is one, and the path leads to
 * it now. */
static int step_down(struct walk *w, uint64_t *inode, const char *part,
                     size_t len, struct err *e)
{
    struct level *l = malloc(sizeof(*l));
    struct xfs_name n = { 0 };
    struct err why = ERR_INIT;
    int r = 0;

    if (!l)
        return err_nomem(e);
    if (xfs_inode_read(w->volume, *inode, &l->inode, &why) < 0) {
        r = note(w, "", &why, e);
    } else if (l->inode.type == FS_DIR) {
        r = xfs_dir_open(&l->dir, w->volume, &l->inode, w->map, &w->taken,
                         &why) < 0
            ? note_dir(w, &why, e) : find_name(w, l, part, len, &n, e);
        if (r > 0 && !fs_path_add(&w->path, n.name, n.n, &w->odd))
            r = w->path.failed ? err_nomem(e) : 0;
        *inode = n.inode;
        xfs_dir_close(&l->dir);
    }
    free(l);
    return r;
}

/* 1: there is no such path. */
static int look_up(struct walk *w, const char *path, uint64_t *inode,
                   struct err *e)
{
    *inode = w->volume->super.root;
    for (path += strspn(path, "/"); *path; path += strspn(path, "/")) {
        size_t len = strcspn(path, "/");
        int r = step_down(w, inode, path, len, e);

        if (r <= 0)
            return r < 0 ? -1 : 1;
        path += len;
    }
    return 0;
}

/* -------------------------------------------------------------------- walk */

int xfs_walk(struct xfs_volume *v, struct xfs_map *map, const char *path,
             const struct fs_visitor *to, struct err *e)
{
    struct walk w = { .volume = v, .map = map, .to = to, .wanted = path };
    bool all = path[strspn(path, "/")] == '\0';
    uint64_t inode;
    int r;

    text_add(&w.path, "/");
    r = w.path.failed ? err_nomem(e) : note_log(&w, all, e);
    if (r == 0) {
        note_size(&w);
        r = look_up(&w, path, &inode, e);
    }
    visited_free(&w.taken);    /* on the way, which is not walked again */
    if (r == 0)
        r = visit(&w, inode, 0, e);
    if (r >= 0 && (all || strncmp(path, "/$unlinked", 10) == 0)) {
        fs_path_cut(&w.path, 1);
        if (visit_orphans(&w, e) < 0)
            r = -1;
        else if (w.found)
            r = 0;
    }
    text_free(&w.path);
    visited_free(&w.taken);
    visited_free(&w.seen);
    return r;
}
