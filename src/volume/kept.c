#include "volume/kept.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/scope.h"
#include "base/thread.h"
#include "volume/access.h"
#include "volume/kept-log.h"
#include "volume/volume.h"

/* Digests come in pages, so that memory is for what is kept. */
#define PAGE 1024u

struct page {
    unsigned char sha256[PAGE][32];
    bool there[PAGE];
};

struct kept {
    char *path;
    int fd;
    void (*note)(void *ctx, const char *text);
    void *ctx;
    pthread_mutex_t lock;        /* guards the rest */
    struct page **pages;
    size_t count;                /* of them */
    struct kept_sum sum;
    bool full;                   /* nothing more can be written */
};

/* ----------------------------------------------------------------- digests */

/* Locked.  -1: no memory; the block is not kept then. */
static int set(struct kept *k, uint32_t index, const unsigned char sha256[32])
{
    struct page **p = &k->pages[index / PAGE];

    if (!*p && !(*p = calloc(1, sizeof(**p))))
        return -1;
    memcpy((*p)->sha256[index % PAGE], sha256, 32);
    (*p)->there[index % PAGE] = true;
    return 0;
}

static bool find(struct kept *k, uint32_t index, unsigned char sha256[32])
{
    AUTOLOCK(&k->lock);
    const struct page *p = k->pages[index / PAGE];

    if (!p || !p->there[index % PAGE])
        return false;
    memcpy(sha256, p->sha256[index % PAGE], 32);
    return true;
}

static void forget(struct kept *k, uint32_t index)
{
    k->pages[index / PAGE]->there[index % PAGE] = false;
}

/* ------------------------------------------------------------------ blocks */

bool kept_read(struct kept *k, struct slot *s)
{
    struct err why = ERR_INIT;
    size_t got;

    if (!find(k, slot_index(s), s->expected)
        || file_read_at(k->fd, s->raw, s->len, s->offset, &got, k->path,
                        &why) < 0
        || got != s->len)
        return false;
    s->provider = true;
    return true;
}

void kept_count(struct kept *k)
{
    AUTOLOCK(&k->lock);

    k->sum.used++;
}

/* That may be a run that was killed between the log and the block, so only
 * the first one is worth a word. */
void kept_refuse(struct kept *k, const struct slot *s)
{
    char text[128];
    bool first;

    thread_lock(&k->lock);
    forget(k, slot_index(s));
    first = k->sum.refused++ == 0;
    thread_unlock(&k->lock);
    snprintf(text, sizeof(text), "block %" PRIu32 " in the cache is not what "
             "its access log says, and is fetched again", slot_index(s));
    if (first)
        k->note(k->ctx, text);
}

static void stop_keeping(struct kept *k, const struct err *why)
{
    bool first;

    thread_lock(&k->lock);
    first = !k->full;
    k->full = true;
    thread_unlock(&k->lock);
    if (first)
        k->note(k->ctx, why->msg);
}

static bool is_full(struct kept *k)
{
    AUTOLOCK(&k->lock);

    return k->full;
}

void kept_add(struct kept *k, const struct slot *s)
{
    struct err why = ERR_INIT;

    if (is_full(k))
        return;
    if (file_write_at(k->fd, s->raw, s->len, s->offset, k->path, &why) < 0) {
        err_in(&why, "no more blocks are kept");
        stop_keeping(k, &why);
        return;
    }
    AUTOLOCK(&k->lock);
    set(k, slot_index(s), s->sha256);
}

struct kept_sum kept_sum(struct kept *k)
{
    AUTOLOCK(&k->lock);

    return k->sum;
}

/* -------------------------------------------------------------------- logs */

static int add_rows(struct kept *k, const struct kept_log *l, struct err *e)
{
    for (size_t i = 0; i < l->count; i++)
        if (set(k, l->rows[i].index, l->rows[i].sha256) < 0)
            return err_nomem(e);
    return 0;
}

static void tell(struct kept *k, const char *path, const struct err *why)
{
    autotext struct text t = TEXT_INIT;

    text_addf(&t, "the blocks of %s are fetched again: %s", path, why->msg);
    if (!t.failed)
        k->note(k->ctx, t.s);
}

/* A log that does not count is told, and is no reason to read nothing. */
static int take_log(struct kept *k, const struct volume *v, const char *path,
                    struct err *e)
{
    struct kept_log l;
    struct err why = ERR_INIT;
    int r = kept_log_read(path, v, &l, &why);

    if (r < 0 && (why.kind == ERR_INTERRUPTED || why.kind == ERR_INTERNAL)) {
        *e = why;
    } else if (r < 0) {
        tell(k, path, &why);
        r = 0;
    } else if (l.count) {
        r = add_rows(k, &l, e);
        if (r == 0 && v->access)
            r = access_kept(v->access, path, l.head, l.count, e);
    }
    kept_log_free(&l);
    return r;
}

/* SNAPSHOT-anything.access.jsonl */
static bool is_log(const char *file, const char *snapshot)
{
    size_t n = strlen(snapshot);

    return strncmp(file, snapshot, n) == 0 && file[n] == '-'
        && text_ends_with(file, ".access.jsonl");
}

static int take_named(struct kept *k, const struct volume *v,
                      const char *folder, const char *file, struct err *e)
{
    autotext struct text path = TEXT_INIT;

    if (!is_log(file, v->name))
        return 0;
    text_addf(&path, "%s/%s", folder, file);
    return path.failed ? err_nomem(e) : take_log(k, v, path.s, e);
}

static int take_logs(struct kept *k, const struct volume *v,
                     const char *folder, struct err *e)
{
    DIR *d = folder_list(folder);
    const struct dirent *entry;
    int r = 0;

    if (!d)
        return err_set(e, ERR_DEST, errno, "cannot read the folder %s",
                       folder);
    while (r == 0 && (entry = readdir(d)))
        r = take_named(k, v, folder, entry->d_name, e);
    closedir(d);
    return r;
}

/* ------------------------------------------------------------- open, free */

static void count_known(struct kept *k)
{
    for (size_t i = 0; i < k->count; i++)
        for (unsigned n = 0; k->pages[i] && n < PAGE; n++)
            k->sum.known += k->pages[i]->there[n];
}

static int open_parts(struct kept *k, const struct volume *v,
                      const char *folder, struct err *e)
{
    struct text t = TEXT_INIT;

    text_addf(&t, "%s/%s.kept", folder, v->name);
    k->path = t.s;
    k->count = (size_t)(v->size / BLOCK_SIZE / PAGE + 1);
    k->pages = calloc(k->count, sizeof(struct page *));
    if (t.failed || !k->pages)
        return err_nomem(e);
    if (file_reopen_or_create(k->path, &k->fd, e) < 0
        || take_logs(k, v, folder, e) < 0)
        return -1;
    count_known(k);
    return 0;
}

struct kept *kept_open(const char *folder, const struct volume *v,
                       void (*note)(void *ctx, const char *text), void *ctx,
                       struct err *e)
{
    struct kept *k = calloc(1, sizeof(*k));

    if (!k) {
        err_nomem(e);
        return NULL;
    }
    k->fd = -1;
    k->note = note;
    k->ctx = ctx;
    pthread_mutex_init(&k->lock, NULL);
    if (open_parts(k, v, folder, e) == 0)
        return k;
    kept_free(k);
    return NULL;
}

void kept_free(struct kept *k)
{
    if (!k)
        return;
    for (size_t i = 0; k->pages && i < k->count; i++)
        free(k->pages[i]);
    if (k->fd >= 0)
        close(k->fd);
    pthread_mutex_destroy(&k->lock);
    free(k->pages);
    free(k->path);
    free(k);
}
