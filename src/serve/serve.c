/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/serve.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/outcome.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/private.h"
#include "base/snapshot-id.h"
#include "serve/hints.h"
#include "serve/keeping.h"
#include "serve/mount.h"
#include "serve/overlay.h"
#include "serve/server.h"
#include "show/tell.h"
#include "volume/access.h"
#include "volume/kept.h"

struct serve {
    const struct serve_options *opt;
    struct private_folder folder; /* of the cache */
    struct listener listener;
    struct exports all;
    struct mount *mounts;      /* one for each export, with --mount */
    uint64_t failed;
};

/* ---------------------------------------------------------------- volumes */

/* One for each run: DIR/SNAPSHOT-TIME.access.jsonl, or SNAPSHOT-TIME-2 and so
 * on when several begin within a second. */
static int name_log(struct export *x, const char *folder, struct err *e)
{
    char time[CLOCK_TEXT];

    clock_compact(time, clock_wall(&clock_system));
    for (unsigned n = 1; !x->log; n++) {
        struct text t = TEXT_INIT;

        text_addf(&t, "%s/%s-%s", folder, x->name, time);
        if (n > 1)
            text_addf(&t, "-%u", n);
        text_add(&t, ".access.jsonl");
        if (t.failed)
            return err_nomem(e);
        if (file_exists(t.s))
            text_free(&t);
        else
            x->log = t.s;
    }
    return 0;
}

static int check_name(const struct serve *s, const struct export *x,
                      struct err *e)
{
    size_t len = strlen(x->name);

    if (!len || len > 255)
        return err_set(e, ERR_USAGE, 0, "%s has no name to be served by",
                       x->volume.name);
    for (const struct export *y = s->all.at; y < x; y++)
        if (strcmp(x->name, y->name) == 0)
            return err_set(e, ERR_USAGE, 0, "%s and %s would both be served "
                           "as %s", y->volume.name, x->volume.name, x->name);
    return 0;
}

/* Nothing but a second list vouches for the first one, and what it leaves out
 * would be holes. */
static int open_export(struct serve *s, struct export *x, const char *name,
                       struct err *e)
{
    const struct serve_options *o = s->opt;
    const struct service_hooks hooks = TELL_HOOKS;

    pthread_mutex_init(&x->streams.lock, NULL);
    x->name = file_name(name);
    x->volume.name = name;
    s->all.count++;
    if (check_name(s, x, e) < 0)
        return -1;
    if (snapshot_id_ok(name)
        && name_log(x, o->cache ? o->cache : o->log, e) < 0)
        return -1;
    if (volume_open(&x->volume, name, &o->service, &hooks, x->log, e) < 0
        || volume_learn(&x->volume, true, e) < 0
        || keeping_open(o->cache, o->cache_size, &x->volume, e) < 0)
        return -1;
    x->reader = volume_reader_new(&x->volume, o->memory, e);
    return x->reader ? 0 : -1;
}

static int open_all(struct serve *s, char **names, int n, struct err *e)
{
    s->all.at = calloc((size_t)n, sizeof(*s->all.at));
    if (!s->all.at)
        return err_nomem(e);
    for (int i = 0; i < n; i++)
        if (open_export(s, &s->all.at[i], names[i], e) < 0)
            return -1;
    return 0;
}

/* What the log says is known before it is closed, and shown when it is. */
static int close_volume(struct export *x, struct err *e)
{
    struct access_sum sum = { 0 };
    struct kept *kept = x->volume.kept;
    struct kept_sum of_kept = kept ? kept_sum(kept)
                                   : (struct kept_sum){ 0 };
    bool logged = x->volume.access
        && access_end(x->volume.access, &sum, e) == 0;
    char head[2 * LOG_HASH + 1];

    if (volume_close(&x->volume, e) < 0)
        return -1;
    if (!logged)
        return 0;
    hex_encode(head, sum.head, LOG_HASH);
    if (kept)
        tell_always("%s: %" PRIu64 " blocks came from the cache", x->name,
                    of_kept.used);
    if (of_kept.dropped)
        tell_always("%s: %" PRIu64 " blocks made room for others in the "
                    "cache", x->name, of_kept.dropped);
    tell_always("%s: %" PRIu64 " blocks came from the service; its access log "
                "is %s, head %s", x->name, sum.blocks, x->log, head);
    return 0;
}

static int close_export(struct export *x, struct err *e)
{
    struct err first = ERR_INIT;
    int r = volume_reader_free(x->reader, &first);

    if (close_volume(x, r < 0 ? e : &first) < 0)
        r = -1;
    if (r < 0)
        *e = first;
    free(x->log);
    pthread_mutex_destroy(&x->streams.lock);
    return r;
}

/* The first error is told, whatever was before. */
static int close_all(struct serve *s, int r, struct err *e)
{
    for (size_t i = 0; i < s->all.count; i++) {
        struct err why = ERR_INIT;

        if (close_export(&s->all.at[i], &why) < 0 && r == 0) {
            *e = why;
            r = -1;
        }
    }
    free(s->all.at);
    return r;
}

/* -------------------------------------------------------------- the mounts */

static int start_mounts(struct serve *s, struct err *e)
{
    if (!s->opt->mount)
        return 0;
    s->mounts = calloc(s->all.count, sizeof(*s->mounts));
    if (!s->mounts)
        return err_nomem(e);
    for (size_t i = 0; i < s->all.count; i++) {
        const char *name = s->all.at[i].name;
        autotext struct text uri = TEXT_INIT;

        listener_add_uri(&s->listener, name, &uri);
        if (uri.failed)
            return err_nomem(e);
        if (mount_start(&s->mounts[i], s->opt->mount, name, uri.s, e) < 0)
            return -1;
        tell_note("%s is the file %s", name, s->mounts[i].file);
    }
    return 0;
}

/* While clients are still let in: nbdfuse ends its connection in order. */
static void end_mounts(struct serve *s)
{
    for (size_t i = 0; s->mounts && i < s->all.count; i++)
        mount_end(&s->mounts[i]);
    free(s->mounts);
}

static int tick(void *ctx, struct err *e)
{
    struct serve *s = ctx;

    for (size_t i = 0; s->mounts && i < s->all.count; i++)
        if (mount_check(&s->mounts[i], e) < 0)
            return -1;
    for (size_t i = 0; i < s->all.count; i++)
        if (s->all.at[i].volume.access
            && access_check(s->all.at[i].volume.access, e) < 0)
            return -1;
    return 0;
}

/* ------------------------------------------------------------- the overlay */

static int make_overlay(struct serve *s, struct err *e)
{
    const struct export *x = &s->all.at[0];
    autotext struct text uri = TEXT_INIT;

    if (!s->opt->overlay)
        return 0;
    listener_add_uri(&s->listener, x->name, &uri);
    return uri.failed ? err_nomem(e)
        : overlay_make(s->opt->overlay, uri.s, x->volume.size, e);
}

/* --------------------------------------------------------------------- run */

static int prepare_tls(struct serve *s, struct err *e)
{
    const struct serve_options *o = s->opt;

    if (!o->tls && !o->tls_psk)
        return 0;
    s->listener.tls = tls_open(o->tls, o->tls_psk, e);
    return s->listener.tls ? 0 : -1;
}

static int work(struct serve *s, char **names, int n, struct err *e)
{
    const struct serve_options *o = s->opt;

    if (prepare_tls(s, e) < 0
        || listener_open(&s->listener, o->socket, o->listen, e) < 0
        || keeping_enter(&s->folder, o->cache, e) < 0
        || open_all(s, names, n, e) < 0
        || listener_start(&s->listener, e) < 0
        || make_overlay(s, e) < 0
        || start_mounts(s, e) < 0
        || hints_print(&s->listener, &s->all, o->overlay, o->service.quiet,
                       e) < 0)
        return -1;
    return server_run(&s->listener, &s->all, tick, s, &s->failed, e);
}

int serve_run(const struct serve_options *o, char **names, int n,
              struct err *e)
{
    struct serve s = { .opt = o, .listener = LISTENER_INIT };
    int r = work(&s, names, n, e);

    end_mounts(&s);
    listener_close(&s.listener);
    r = close_all(&s, r, e);
    private_leave(&s.folder);
    if (r < 0)
        return -1;
    if (s.failed)
        tell_always("%" PRIu64 " reads got an error", s.failed);
    return outcome_status(s.failed ? OUTCOME_UNREADABLE : OUTCOME_COMPLETE,
                          e);
}
