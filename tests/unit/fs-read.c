/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a file system with a reader of ours, for the shell tests:
 *
 *   fs-read WHAT FILE [PATH]
 *   fs-read --lvm volumes FILE...
 *   fs-read --lvm bytes|places|list|... GROUP/NAME FILE...
 *
 * list     a line for each file, as `stat -c '%f %i %u %g %h %s %.9Y %.9X
 *          %.9Z %.9W %n'' prints it
 * links    "PATH -> TARGET" for each symbolic link
 * sums     a line of sha256sum for each regular file
 * extents  "PATH: AT OFFSET SIZE FLAGS" for each run of bytes of each file
 *
 * and of the physical volumes of LVM2 that the files are
 *
 * volumes  "GROUP/NAME SIZE" or "GROUP/NAME: WHY NOT" for each logical volume
 * bytes    all bytes of one
 * places   "OFFSET SIZE FILE OFFSET" for each run of its bytes
 * list ... as above, of the file system in it
 *
 * Notes go to standard error.  Ends with 1 when there is no such path, with 2
 * when the file system is refused. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs/lvm.h"
#include "fs/xfs.h"

struct task {
    const char *what;
    const struct fs_driver *driver;
    struct fs *fs;
    const char *path;          /* of what is told just now */
};

static int read_file(void *ctx, uint64_t offset, void *to, size_t n,
                     struct err *e)
{
    ssize_t r = pread(*(int *)ctx, to, n, (off_t)offset);

    return r == (ssize_t)n ? 0 : err_set(e, ERR_SOURCE, 0, "short read");
}

static void die(const struct err *e)
{
    fprintf(stderr, "fs-read: %s\n", e->msg);
    exit(2);
}

/* ------------------------------------------------------------------- list */

static void print_time(const struct fs_entry *f, enum fs_time which)
{
    int64_t t = f->time[which];
    uint64_t ns = t < 0 ? -(uint64_t)t : (uint64_t)t;

    if (f->times & 1u << which)
        printf(" %s%" PRIu64 ".%09" PRIu64, t < 0 ? "-" : "",
               ns / 1000000000, ns % 1000000000);
    else
        printf(" -");
}

static void list(const struct fs_entry *f)
{
    static const unsigned types[FS_TYPES] = { 8, 4, 10, 6, 2, 1, 12, 0 };

    printf("%x %" PRIu64 " %" PRIu32 " %" PRIu32 " %u %" PRIu64,
           types[f->type] << 12 | f->mode, f->inode, f->uid, f->gid, f->links,
           f->size);
    print_time(f, FS_MODIFIED);
    print_time(f, FS_ACCESSED);
    print_time(f, FS_CHANGED);
    print_time(f, FS_BORN);
    printf(" %s%s\n", f->path, f->deleted ? " (deleted)" : "");
}

/* ------------------------------------------------------------------- sums */

/* In pieces that do not begin where blocks do. */
static int sum(struct task *t, const struct fs_entry *f, struct err *e)
{
    static unsigned char piece[100003];
    unsigned char hash[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    uint64_t at = 0;
    unsigned n = 0;
    size_t got;
    int r;

    EVP_DigestInit_ex(md, EVP_sha256(), NULL);
    do {
        r = t->driver->read(t->fs, f->inode, f->stream, at, piece,
                            sizeof(piece), &got, e);
        EVP_DigestUpdate(md, piece, got);
        at += got;
    } while (r == 0 && got);
    EVP_DigestFinal_ex(md, hash, &n);
    EVP_MD_CTX_free(md);
    if (r < 0) {
        printf("not read: %s: %s\n", f->path, e->msg);
        return 0;
    }
    for (unsigned i = 0; i < n; i++)
        printf("%02x", hash[i]);
    printf("  %s\n", f->path);
    return 0;
}

/* ---------------------------------------------------------------- extents */

static int tell_extent(void *ctx, const struct fs_extent *x, struct err *e)
{
    const struct task *t = ctx;

    (void)e;
    printf("%s: %" PRIu64 " %" PRIu64 " %" PRIu64 " %s\n", t->path, x->at,
           x->offset, x->size,
           x->flags & FS_EXTENT_META ? "map"
           : x->flags & FS_EXTENT_UNWRITTEN ? "unwritten" : "data");
    return 0;
}

static int tell_extents(struct task *t, const struct fs_entry *f)
{
    struct err why = ERR_INIT;

    t->path = f->path;
    if (t->driver->extents(t->fs, f->inode, f->stream, tell_extent, t,
                           &why) < 0)
        printf("%s: no extents: %s\n", f->path, why.msg);
    return 0;
}

static int entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    struct task *t = ctx;

    if (strcmp(t->what, "list") == 0)
        return list(f), 0;
    if (strcmp(t->what, "links") == 0)
        return f->target ? printf("%s -> %s\n", f->path, f->target), 0 : 0;
    if (strcmp(t->what, "extents") == 0)
        return tell_extents(t, f);
    return f->type == FS_FILE ? sum(t, f, e) : 0;
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    fprintf(stderr, "note: %s\n", text);
}

static int show(const char *what, const struct fs_source *s, const char *path)
{
    struct task t = { .what = what, .driver = &xfs_driver };
    struct fs_visitor v = { &t, entry, note, note };
    struct err e = ERR_INIT;
    int r;

    t.fs = t.driver->open(s, &e);
    if (!t.fs)
        die(&e);
    r = t.driver->walk(t.fs, path, &v, &e);
    t.driver->close(t.fs);
    if (r < 0)
        die(&e);
    return r;
}

/* -------------------------------------------------------------------- LVM2 */

static struct fs_source open_file(const char *name)
{
    struct fs_source s = { .read = read_file };
    int *fd = malloc(sizeof(*fd));
    struct err e = ERR_INIT;
    struct stat st;

    *fd = open(name, O_RDONLY | O_CLOEXEC);
    if (*fd < 0 || fstat(*fd, &st) < 0) {
        err_set(&e, ERR_USAGE, errno, "%s", name);
        die(&e);
    }
    s.ctx = fd;
    s.size = (uint64_t)st.st_size;
    return s;
}

static int list_volumes(const struct lvm *l)
{
    for (size_t i = 0; i < lvm_count(l); i++) {
        const struct lvm_volume *v = lvm_volume(l, i);

        if (v->refused)
            printf("%s/%s%s: %s\n", v->group, v->name,
                   v->internal ? " (internal)" : "", v->refused);
        else
            printf("%s/%s%s %" PRIu64 "\n", v->group, v->name,
                   v->internal ? " (internal)" : "", v->source.size);
    }
    return 0;
}

static int copy(const struct fs_source *s)
{
    static unsigned char piece[700001];
    struct err e = ERR_INIT;

    for (uint64_t at = 0; at < s->size; at += sizeof(piece)) {
        size_t n = s->size - at < sizeof(piece) ? (size_t)(s->size - at)
                                                : sizeof(piece);

        if (fs_source_read(s, at, piece, n, &e) < 0)
            die(&e);
        fwrite(piece, 1, n, stdout);
    }
    return 0;
}

static int list_places(const struct lvm *l, size_t i, char **files)
{
    const struct lvm_volume *v = lvm_volume(l, i);

    for (uint64_t at = 0; at < v->source.size;) {
        uint64_t n = v->source.size - at, where;
        size_t which;

        lvm_place(l, i, at, &n, &which, &where);
        printf("%" PRIu64 " %" PRIu64 " %s %" PRIu64 "\n", at, n,
               files[which], where);
        at += n;
    }
    return 0;
}

static int show_volume(const struct lvm *l, const char *what,
                       const char *name, char **files)
{
    for (size_t i = 0; i < lvm_count(l); i++) {
        const struct lvm_volume *v = lvm_volume(l, i);
        char full[300];

        snprintf(full, sizeof(full), "%s/%s", v->group, v->name);
        if (strcmp(full, name) != 0)
            continue;
        if (v->refused)
            return 2;
        if (strcmp(what, "bytes") == 0)
            return copy(&v->source);
        if (strcmp(what, "places") == 0)
            return list_places(l, i, files);
        return show(what, &v->source, "/");
    }
    return 1;
}

static int do_lvm(const char *what, char **words, int count)
{
    bool all = strcmp(what, "volumes") == 0;
    struct fs_source *s = calloc((size_t)count, sizeof(*s));
    struct err e = ERR_INIT;
    struct lvm *l = lvm_new(&e);
    int r;

    for (int i = !all; i < count; i++) {
        s[i] = open_file(words[i]);
        if (lvm_add(l, &s[i], &e) < 0)
            fprintf(stderr, "note: %s: %s\n", words[i], e.msg);
    }
    if (lvm_map(l, &e) < 0)
        die(&e);
    for (size_t i = 0; lvm_note(l, i); i++)
        fprintf(stderr, "note: %s\n", lvm_note(l, i));
    r = all ? list_volumes(l) : show_volume(l, what, words[0], words + 1);
    lvm_free(l);
    for (int i = !all; i < count; i++) {
        close(*(int *)s[i].ctx);
        free(s[i].ctx);
    }
    free(s);
    return r;
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "--lvm") == 0)
        return do_lvm(argv[2], argv + 3, argc - 3);
    if (argc < 3)
        return 2;
    struct fs_source s = open_file(argv[2]);
    int r = show(argv[1], &s, argc > 3 ? argv[3] : "/");

    close(*(int *)s.ctx);
    free(s.ctx);
    return r;
}
