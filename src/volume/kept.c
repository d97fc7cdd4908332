/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/thread.h"

struct kept {
    struct kept_config config;
    char *path;
    int fd;                      /* -1: there is no file */
    pthread_mutex_t lock;        /* guards the rest */
    struct kept_set set;
    uint64_t coming;             /* blocks that are written just now */
    struct kept_sum sum;
    bool full;                   /* nothing more can be written */
};

/* ------------------------------------------------------------- one is read */

static bool hold(struct kept *k, struct slot *s)
{
    AUTOLOCK(&k->lock);
    const unsigned char *sha256 = kept_set_digest(&k->set, slot_index(s));

    if (!sha256)
        return false;
    memcpy(s->expected, sha256, sizeof(s->expected));
    if (k->config.origins) {
        const struct kept_origin *from =
            kept_set_origin(&k->set, slot_index(s));

        s->time = from->time;
        s->attempts = from->attempts;
        strcpy(s->request_id, from->request_id);
    }
    kept_set_hold(&k->set, slot_index(s));
    return true;
}

static void release(struct kept *k, const struct slot *s)
{
    AUTOLOCK(&k->lock);

    kept_set_release(&k->set, slot_index(s));
}

bool kept_read(struct kept *k, struct slot *s)
{
    struct err why = ERR_INIT;
    size_t got;
    bool good;

    if (k->fd < 0 || !hold(k, s))
        return false;
    good = file_read_at(k->fd, s->raw, s->len, s->offset, &got, k->path,
                        &why) == 0
        && got == s->len;
    release(k, s);
    s->provider = good;
    return good;
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
    kept_set_remove(&k->set, slot_index(s));
    first = k->sum.refused++ == 0;
    thread_unlock(&k->lock);
    snprintf(text, sizeof(text), "block %" PRIu32 " in the cache is not what "
             "its access log says, and is fetched again", slot_index(s));
    if (first)
        k->config.note(k->config.ctx, text);
}

/* ----------------------------------------------------------- one is written */

/* Locked. */
static void stop_keeping(struct kept *k, struct err *why)
{
    bool first = !k->full;

    k->full = true;
    err_in(why, "no more blocks are kept");
    if (first)
        k->config.note(k->config.ctx, why->msg);
}

/* Locked.  Its log says so before it goes: what is gone and said to be there
 * would look like damage. */
static int drop(struct kept *k, uint32_t index, struct err *e)
{
    off_t at = (off_t)index * BLOCK_SIZE;

    if (k->config.dropped(k->config.ctx, index, e) < 0)
        return -1;
    kept_set_remove(&k->set, index);
    k->sum.dropped++;
    if (fallocate(k->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at,
                  BLOCK_SIZE) < 0)
        return err_set(e, ERR_DEST, errno, "%s cannot give back the room of "
                       "a block", k->path);
    return 0;
}

/* Locked.  Until there is room for `more'; one that is read stays. */
static bool make_room(struct kept *k, unsigned more)
{
    struct err why = ERR_INIT;
    uint32_t index;

    while (k->config.most && !k->full
           && k->set.blocks + k->coming + more > k->config.most
           && kept_set_oldest(&k->set, &index))
        if (drop(k, index, &why) < 0)
            stop_keeping(k, &why);
    return !k->full && (!k->config.most
                        || k->set.blocks + k->coming + more
                            <= k->config.most);
}

static bool begin(struct kept *k)
{
    AUTOLOCK(&k->lock);

    if (k->full || !make_room(k, 1))
        return false;
    k->coming++;
    return true;
}

void kept_add(struct kept *k, const struct slot *s)
{
    struct err why = ERR_INIT;
    int r;

    if (!begin(k))
        return;
    r = file_write_at(k->fd, s->raw, s->len, s->offset, k->path, &why);
    AUTOLOCK(&k->lock);
    k->coming--;
    if (r < 0)
        stop_keeping(k, &why);
    else
        kept_set_put(&k->set, slot_index(s), s->sha256, NULL);
}

/* ----------------------------------------------------------------- answers */

struct kept_sum kept_sum(struct kept *k)
{
    AUTOLOCK(&k->lock);

    return k->sum;
}

void kept_list(struct kept *k, struct blockset *to)
{
    AUTOLOCK(&k->lock);

    kept_set_list(&k->set, to);
}

bool kept_digest(struct kept *k, uint32_t index, unsigned char sha256[32])
{
    AUTOLOCK(&k->lock);
    const unsigned char *found = kept_set_digest(&k->set, index);

    if (found)
        memcpy(sha256, found, 32);
    return found;
}

/* ------------------------------------------------------------- open, free */

/* Who only reads makes no file. */
static int open_file(struct kept *k, struct err *e)
{
    if (!k->config.origins)
        return file_reopen_or_create(k->path, &k->fd, e);
    return !file_exists(k->path) ? 0
        : file_reopen_to_read(k->path, &k->fd, e);
}

static int open_parts(struct kept *k, struct err *e)
{
    const struct kept_config *c = &k->config;
    struct text t = TEXT_INIT;

    text_addf(&t, "%s/%s.kept", c->folder, c->of.snapshot);
    k->path = t.s;
    if (t.failed)
        return err_nomem(e);
    if (kept_set_init(&k->set, c->of.size / BLOCK_SIZE, c->origins, e) < 0
        || open_file(k, e) < 0 || kept_folder_read(c, &k->set, e) < 0)
        return -1;
    k->sum.known = k->set.blocks;
    thread_lock(&k->lock);
    make_room(k, 0);
    thread_unlock(&k->lock);
    return 0;
}

struct kept *kept_open(const struct kept_config *c, struct err *e)
{
    struct kept *k = calloc(1, sizeof(*k));

    if (!k) {
        err_nomem(e);
        return NULL;
    }
    k->config = *c;
    k->fd = -1;
    pthread_mutex_init(&k->lock, NULL);
    if (open_parts(k, e) == 0)
        return k;
    kept_free(k);
    return NULL;
}

void kept_free(struct kept *k)
{
    if (!k)
        return;
    kept_set_free(&k->set);
    if (k->fd >= 0)
        close(k->fd);
    pthread_mutex_destroy(&k->lock);
    free(k->path);
    free(k);
}
