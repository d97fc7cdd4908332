/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/open.h"

#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/scope.h"
#include "custody/custody.h"
#include "custody/format.h"
#include "custody/proof.h"

/* While its first line is being written. */
#define NEW_SUFFIX ".new"

struct custody_log {
    char *path;
    struct clock clock;       /* stands still */
    uint64_t now;
    struct lock lock;
    struct log *log;
    uint64_t last;            /* where the last line begins */
};

static uint64_t still(void *now)
{
    return *(uint64_t *)now;
}

/* ------------------------------------------------------------ a new one */

static int write_begin(const struct evidence *ev, struct log *l,
                       struct err *e)
{
    const struct run_record *run = &ev->log;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "format", CUSTODY_FORMAT);
    record_str(&r, "name", file_name(ev->prefix));
    record_str(&r, "snapshot", run->snapshot);
    record_u64(&r, "log_events", run->check.events);
    record_hex(&r, "log_head", run->check.head, LOG_HASH);
    if (run->manifest_known) {
        record_hex(&r, "manifest_sha256", run->manifest_sha256,
                   MANIFEST_HASH);
        record_hex(&r, "manifest_root", run->manifest_root, MANIFEST_HASH);
    }
    return log_write(l, CUSTODY_BEGIN, &r, e);
}

static int make(const struct evidence *ev, const char *path,
                const struct clock *clock, struct err *e)
{
    struct err ignored = ERR_INIT;
    struct log *l = log_create(path, clock, e);
    int r;

    if (!l)
        return -1;
    r = write_begin(ev, l, e);
    if (log_close(l, r == 0 ? e : &ignored) < 0)
        r = -1;
    if (r < 0)
        file_remove(path, &ignored);
    return r;
}

/* Never seen without its first line.  Whoever was faster has begun it. */
static int begin(const struct evidence *ev, struct custody_log *l,
                 struct err *e)
{
    autotext struct text path = TEXT_INIT;
    struct err ignored = ERR_INIT, why = ERR_INIT;

    text_addf(&path, "%s" NEW_SUFFIX, l->path);
    if (path.failed)
        return err_nomem(e);
    if (file_exists(path.s))
        return err_set(e, ERR_DEST, 0, "%s is left of a process that died, or "
                       "another one is at work: remove it when none is",
                       path.s);
    if (make(ev, path.s, &l->clock, e) < 0)
        return -1;
    if (file_publish(path.s, l->path, &why) == 0)
        return file_sync_folder_of(l->path, e);
    file_remove(path.s, &ignored);
    if (file_exists(l->path))
        return 0;
    *e = why;
    return -1;
}

/* ----------------------------------------------------------- what is there */

static int take_lock(struct custody_log *l, struct err *e)
{
    int fd = -1;
    int r;

    if (file_reopen(l->path, &fd, e) < 0)
        return -1;
    r = lock_take(&l->lock, fd, l->path, e);
    if (r == 0)
        return err_set(e, ERR_DEST, 0, "%s is being written by another "
                       "process", l->path);
    return r < 0 ? -1 : 0;
}

static int check(const struct custody *c, const struct custody_log *l,
                 const struct evidence *ev, struct err *e)
{
    if (c->check.line_ends)
        return err_set(e, ERR_VERIFY, 0, "%s: its line ends were changed, and "
                       "a log is gone on with only as it was written",
                       l->path);
    if (c->bytes.len > CUSTODY_LIMIT - 4 * LOG_LINE_MAX)
        return err_set(e, ERR_DEST, 0, "%s is full: no reader would take one "
                       "that is larger", l->path);
    if (custody_check_origin(c, &ev->log, e) < 0
        || custody_check_proofs(c, e) < 0)
        return err_in(e, "%s", l->path);
    return 0;
}

/* Behind its last line, which is where the file ends: custody_read() makes
 * sure of that, and the lock that it stays so. */
static int go_on(struct custody_log *l, const struct evidence *ev,
                 struct err *e)
{
    struct custody c;
    struct log_place at = { 0 };
    int r = custody_read(l->path, &c, e);

    if (r == 0)
        r = check(&c, l, ev, e);
    at.events = c.check.events;
    at.size = c.check.size;
    memcpy(at.head, c.check.head, LOG_HASH);
    custody_free(&c);
    if (r < 0)
        return -1;
    l->log = log_reopen(l->path, &l->clock, &at, e);
    return l->log ? 0 : -1;
}

/* -------------------------------------------------------------------- all */

static int open_log(struct custody_log *l, const struct evidence *ev,
                    struct err *e)
{
    l->path = custody_path(&ev->beside);
    if (!l->path)
        return err_nomem(e);
    if (!file_exists(l->path) && begin(ev, l, e) < 0)
        return -1;
    if (take_lock(l, e) < 0)
        return -1;
    return go_on(l, ev, e);
}

struct custody_log *custody_log_open(const struct evidence *ev,
                                     struct err *e)
{
    struct custody_log *l = calloc(1, sizeof(*l));
    struct err ignored = ERR_INIT;

    if (!l) {
        err_nomem(e);
        return NULL;
    }
    l->now = clock_wall(&clock_system);
    l->lock = (struct lock)LOCK_INIT;
    l->clock = (struct clock){ .wall = still, .monotonic = still,
                               .ctx = &l->now };
    if (open_log(l, ev, e) == 0)
        return l;
    custody_log_close(l, &ignored);
    return NULL;
}

int custody_log_write(struct custody_log *l, const char *event,
                      const struct record *r, struct err *e)
{
    struct log_place at;

    log_place(l->log, &at);
    if (log_write(l->log, event, r, e) < 0 || log_sync(l->log, e) < 0)
        return -1;
    l->last = at.size;
    return 0;
}

uint64_t custody_log_lines(struct custody_log *l)
{
    struct log_place at;

    log_place(l->log, &at);
    return at.events;
}

const char *custody_log_path(const struct custody_log *l)
{
    return l->path;
}

int custody_log_last(struct custody_log *l, struct text *line, struct err *e)
{
    struct log_place at;
    autofree char *bytes = NULL;
    autoclose int fd = -1;
    size_t n, got;

    log_place(l->log, &at);
    n = (size_t)(at.size - l->last);
    bytes = malloc(n + 1);
    if (!bytes)
        return err_nomem(e);
    if (file_open(l->path, &fd, e) < 0
        || file_read_at(fd, bytes, n, l->last, &got, l->path, e) < 0)
        return -1;
    if (got != n)
        return err_set(e, ERR_DEST, 0, "%s: what was written is not there",
                       l->path);
    text_addn(line, bytes, n);
    return line->failed ? err_nomem(e) : 0;
}

int custody_log_close(struct custody_log *l, struct err *e)
{
    int r;

    if (!l)
        return 0;
    r = log_close(l->log, e);
    lock_release(&l->lock);
    free(l->path);
    free(l);
    return r;
}
