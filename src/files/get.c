/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of files in a new folder, each under a number and what is harmless
 * of its name, so that no name on a disk can lead anywhere or meet another
 * one.  The index says which is which; it gets its name last: a folder
 * without one is not complete. */
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/number.h"
#include "base/private.h"
#include "base/scope.h"
#include "files/files.h"
#include "files/pattern.h"
#include "files/sparse.h"
#include "show/tell.h"

/* A file that is written: the index, the sums, a copy. */
struct copy {
    int fd;
    char *path;
};

struct getting {
    const struct files_options *o;
    char *pattern[OPTION_LIST_MAX]; /* of the options, cleaned */
    bool met[OPTION_LIST_MAX]; /* something has matched it */
    bool is_gone;              /* `file' was deleted */
    struct files_totals *sum;
    struct private_folder own;
    struct copy index, sums, file; /* `file': of the entry that came last */
    struct hash *hash;
    struct text row;           /* its line of the index, but for the digest */
    uint64_t size, written;
    uint64_t bytes;            /* of all copies */
};

/* ------------------------------------------------------------------- files */

static int create(struct getting *g, struct copy *c, const char *name,
                  struct err *e)
{
    if (asprintf(&c->path, "%s/%s", g->o->output, name) < 0) {
        c->path = NULL;
        return err_nomem(e);
    }
    return file_create(c->path, &c->fd, e);
}

static int put(const struct copy *c, struct text *t, struct err *e)
{
    int r = t->failed ? err_nomem(e)
                      : file_write(c->fd, t->s, t->len, c->path, e);

    text_clear(t);
    return r;
}

static void drop(struct copy *c)
{
    if (c->fd >= 0)
        close(c->fd);
    free(c->path);
    *c = (struct copy){ -1, NULL };
}

/* All copies at once: one after the other a disk takes ten times as long. */
static int sync_all(const struct getting *g, struct err *e)
{
    return syncfs(folder_fd(g->own.held)) < 0
        ? err_set(e, ERR_DEST, errno, "sync %s", g->o->output) : 0;
}

/* Letters, digits and three marks are harmless everywhere. */
static void name_copy(char *buf, size_t room, uint64_t number,
                      const char *path)
{
    const char *last = strrchr(path, '/');
    int n = snprintf(buf, room, "%06" PRIu64 "-", number);

    for (last = last ? last + 1 : path; *last && (size_t)n + 1 < room; last++)
        buf[n++] = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
                          "xyz0123456789._-", *last) ? *last : '_';
    buf[n] = '\0';
}

/* ------------------------------------------------------------------- visit */

static int on_part(void *ctx, const struct part_info *i, struct err *e)
{
    struct getting *g = ctx;

    (void)e;
    files_tell_part(i, g->sum);
    return 0;
}

/* Each pattern is asked, so that it is known which ones have met nothing. */
static bool is_matched(struct getting *g, const char *path)
{
    bool matched = false;

    for (size_t i = 0; i < g->o->get.count; i++) {
        if (!pattern_matches(g->pattern[i], path, &g->sum->part))
            continue;
        g->met[i] = matched = true;
    }
    return matched;
}

static bool is_too_large(const struct getting *g, const struct fs_entry *f)
{
    autotext struct text t = TEXT_INIT;
    char most[32];

    if (f->size <= g->o->max_size)
        return false;
    text_addf(&t, "%s is left out: it is larger than %s (--max-size)",
              f->path, size_text(most, g->o->max_size));
    files_tell_note(g->sum, t.failed ? "a file is left out" : t.s);
    return true;
}

/* Its blocks are free, and may have been another file's since.  What XFS tells
 * was deleted while it was open, and still has its blocks. */
static bool is_gone(const struct getting *g, const struct fs_entry *f)
{
    return f->deleted && strcmp(g->sum->part.kind, "XFS") != 0;
}

static int on_entry(void *ctx, const struct fs_entry *f, struct err *e)
{
    struct getting *g = ctx;
    char name[100];

    if (!is_matched(g, f->path) || f->type != FS_FILE || f->reused
        || is_too_large(g, f))
        return 0;
    g->is_gone = is_gone(g, f);
    name_copy(name, sizeof(name), ++g->sum->files, f->path);
    g->size = f->size;
    g->written = 0;
    g->hash = hash_new(HASH_SHA256, e);
    if (!g->hash || create(g, &g->file, name, e) < 0)
        return -1;
    text_addf(&g->row, ",%s,", name);
    files_csv.entry(&g->sum->part, f, &g->row);
    return 1;
}

static int on_data(void *ctx, const void *bytes, size_t n, struct err *e)
{
    struct getting *g = ctx;

    if (g->file.fd < 0 || n > g->size - g->written)
        return err_set(e, ERR_SOURCE, 0, "a file has more content than its "
                       "size says");
    hash_add(g->hash, bytes, n);
    if (sparse_write(g->file.fd, bytes, n, g->written, g->file.path, e) < 0)
        return -1;
    g->written += n;
    g->bytes += n;
    return 0;
}

static int add_sum(struct getting *g, char hex[65], struct err *e)
{
    autotext struct text t = TEXT_INIT;
    unsigned char sha256[HASH_MAX];

    hash_end(g->hash, sha256);
    hex_encode(hex, sha256, 32);
    text_addf(&t, "%s  %s\n", hex, file_name(g->file.path));
    return put(&g->sums, &t, e);
}

static void tell_broken(struct getting *g, const char *why)
{
    autotext struct text t = TEXT_INIT;

    text_addf(&t, "%s is not whole: %s", file_name(g->file.path), why);
    if (!t.failed)
        files_tell_note(g->sum, t.s);
}

static int on_whole(void *ctx, const char *why, struct err *e)
{
    struct getting *g = ctx;
    autotext struct text row = TEXT_INIT;
    char hex[65];

    if (g->file.fd < 0)
        return err_set(e, ERR_SOURCE, 0, "the end of nothing");
    if (!why && g->written != g->size)
        why = "its content ends before its size says";
    if (why)
        tell_broken(g, why);
    if (add_sum(g, hex, e) < 0
        || sparse_end(g->file.fd, g->written, g->file.path, e) < 0
        || file_close(&g->file.fd, g->file.path, e) < 0)
        return -1;
    csv_add(&row, why ? why
            : g->is_gone ? "deleted, may be another file's" : "whole");
    text_addf(&row, ",%s,%" PRIu64, hex, g->written);
    text_addn(&row, g->row.s, g->row.len);
    row.failed |= g->row.failed;
    text_clear(&g->row);
    hash_free(g->hash);
    g->hash = NULL;
    drop(&g->file);
    return put(&g->index, &row, e);
}

static void on_note(void *ctx, const char *text)
{
    const struct getting *g = ctx;

    files_tell_note(g->sum, text);
}

static void on_remark(void *ctx, const char *text)
{
    const struct getting *g = ctx;

    files_tell_remark(g->sum, text);
}

/* ------------------------------------------------------------------ folder */

static int begin(struct getting *g, struct err *e)
{
    autotext struct text head = TEXT_INIT;

    if (private_make(&g->own, g->o->output, "probe", e) < 0
        || create(g, &g->index, "index.partial", e) < 0
        || create(g, &g->sums, "SHA256SUMS", e) < 0)
        return -1;
    text_add(&head, "content,sha256,bytes,file,");
    files_csv.begin(&head);
    return put(&g->index, &head, e);
}

static int end(struct getting *g, struct err *e)
{
    autofree char *name = NULL;

    if (asprintf(&name, "%s/index.csv", g->o->output) < 0) {
        name = NULL;
        return err_nomem(e);
    }
    if (file_close(&g->sums.fd, g->sums.path, e) < 0
        || file_close(&g->index.fd, g->index.path, e) < 0
        || sync_all(g, e) < 0
        || file_publish(g->index.path, name, e) < 0)
        return -1;
    return file_sync_folder_of(name, e);
}

/* ---------------------------------------------------------------- patterns */

static int take_patterns(struct getting *g, struct text *common,
                         struct err *e)
{
    struct option_list l = { .count = g->o->get.count };

    for (size_t i = 0; i < l.count; i++) {
        g->pattern[i] = pattern_clean(g->o->get.items[i]);
        if (!g->pattern[i])
            return err_nomem(e);
        l.items[i] = g->pattern[i];
    }
    pattern_common(&l, common);
    return common->failed ? err_nomem(e) : 0;
}

/* What was asked for and is not there is told, each of it. */
static int check_met(struct getting *g, const char *name, struct err *e)
{
    size_t missed = 0;

    for (size_t i = 0; i < g->o->get.count; i++) {
        autotext struct text t = TEXT_INIT;

        if (g->met[i])
            continue;
        missed++;
        text_addf(&t, "--get %s: there is no such file", g->o->get.items[i]);
        files_tell_note(g->sum, t.failed ? "--get: no such file" : t.s);
    }
    if (missed == g->o->get.count)
        return err_set(e, ERR_SOURCE, 0, "%s has no file that was asked for",
                       name);
    return 0;
}

static int get(struct getting *g, struct session *s, struct err *e)
{
    const struct session_visitor v = { g, on_part, on_entry, on_data,
                                       on_whole, on_note, on_remark };
    autotext struct text path = TEXT_INIT;
    struct wire_job job;

    if (files_job(g->o, &job, e) < 0)
        return -1;
    job.ask = true;
    if (take_patterns(g, &path, e) < 0 || begin(g, e) < 0
        || session_walk(s, job, path.s, &v, e) < 0
        || files_check_parts(&job, g->sum, s->volume.name, e) < 0
        || end(g, e) < 0)
        return -1;
    g->sum->blocks = session_blocks(s);
    return 0;
}

int files_get(struct session *s, const struct files_options *o,
              struct files_totals *sum, struct err *e)
{
    struct getting g = { .o = o, .sum = sum, .index.fd = -1, .sums.fd = -1,
                         .file.fd = -1 };
    int r = get(&g, s, e);
    char size[32];

    drop(&g.index);
    drop(&g.sums);
    drop(&g.file);
    hash_free(g.hash);
    text_free(&g.row);
    private_leave(&g.own);
    for (size_t i = 0; i < o->get.count; i++)
        free(g.pattern[i]);
    if (r < 0 && file_exists(o->output))
        tell_always("%s has no index.csv: it is not complete", o->output);
    if (r == 0)
        tell_note("%s: %" PRIu64 " files, %s", o->output, sum->files,
                  size_text(size, g.bytes));
    return r == 0 ? check_met(&g, s->volume.name, e) : r;
}
