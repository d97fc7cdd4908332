/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case-log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acquire/host.h"
#include "acquire/recipe-options.h"
#include "audit/artefacts.h"
#include "base/file.h"
#include "base/filesystem.h"
#include "base/json.h"
#include "base/scope.h"

/* The folder that is not there is found missing by whoever writes. */
int case_init(struct case_log *c, const char *prefix, struct err *e)
{
    autofree char *folder = file_folder(prefix);
    struct err ignored = ERR_INIT;

    *c = (struct case_log){ .lock = LOCK_INIT };
    if (!folder || asprintf(&c->path, "%s" CASE_SUFFIX, prefix) < 0) {
        c->path = NULL;
        return err_nomem(e);
    }
    c->folder = folder_hold(folder, &ignored);
    return 0;
}

int case_look_init(struct case_log *c, const char *path, struct err *e)
{
    *c = (struct case_log){ .lock = LOCK_INIT, .path = strdup(path) };
    return c->path ? 0 : err_nomem(e);
}

void case_free(struct case_log *c)
{
    struct err ignored = ERR_INIT;

    log_close(c->log, &ignored);
    for (size_t i = 0; i < c->count; i++)
        free(c->members[i].time);
    free(c->members);
    notes_free(&c->notes);
    text_free(&c->service);
    cJSON_Delete(c->begin);
    case_rules_free(&c->rules);
    lock_release(&c->lock);
    folder_release(c->folder);
    free(c->path);
}

int case_add_member(struct case_log *c, const char *snapshot,
                    const char *time, bool usable, struct err *e)
{
    struct case_member *more = realloc(c->members, (c->count + 1)
                                                   * sizeof(*more));
    struct case_member *m;

    if (!more)
        return err_nomem(e);
    c->members = more;
    m = &more[c->count++];
    *m = (struct case_member){ .usable = usable, .status = CASE_NOT_ENDED };
    snprintf(m->snapshot, sizeof(m->snapshot), "%s", snapshot);
    m->time = time ? strdup(time) : NULL;
    return time && !m->time ? err_nomem(e) : 0;
}

bool case_exists(const char *prefix)
{
    struct case_log c;
    struct err ignored = ERR_INIT;
    bool there = case_init(&c, prefix, &ignored) == 0
        && file_exists(c.path);

    case_free(&c);
    return there;
}

/* Whose files are ours is asked only where they are not the user's. */
static int learn_owner(struct case_log *c, struct err *e)
{
    autotext struct text probe = TEXT_INIT;
    struct filesystem fs;
    struct stat st;

    if (!c->folder || file_lstat(c->path, &st) < 0
        || st.st_uid == geteuid())
        return 0;
    text_addf(&probe, "%s.probe", c->path);
    if (probe.failed)
        return err_nomem(e);
    if (filesystem_try(&fs, folder_fd(c->folder), probe.s, e) < 0)
        return -1;
    folder_expect(c->folder, fs.owner);
    return 0;
}

int case_take_lock(struct case_log *c, struct err *e)
{
    autotext struct text path = TEXT_INIT;
    int fd, got;

    text_addf(&path, "%s.lock", c->path);
    if (path.failed)
        return err_nomem(e);
    if (learn_owner(c, e) < 0 || file_reopen_to_read(c->path, &fd, e) < 0)
        return -1;
    got = lock_take(&c->lock, fd, path.s, e);
    if (got)
        return got < 0 ? -1 : 0;
    return err_set(e, ERR_DEST, 0, "another ebsimg is at work on the chain of "
                   "%s", c->path);
}

/* --------------------------------------------------------------- writing */

static void add_names(struct record *r, char **names, size_t n)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "[");
    for (size_t i = 0; i < n; i++) {
        text_add(&t, i ? "," : "");
        text_add_json(&t, names[i]);
    }
    text_add(&t, "]");
    record_json(r, "asked_for", t.failed ? "[]" : t.s);
    r->json.failed |= t.failed;
}

static void add_options(struct record *r, const struct acquire_options *o)
{
    autorecord struct record in = RECORD_INIT;
    autotext struct text t = TEXT_INIT;

    recipe_add_options(&in, o);
    recipe_add_count(&in, "audit", o->audit);
    text_addf(&t, "{%s}", in.json.failed ? "" : in.json.s + 1);
    record_json(r, "options", t.failed ? "{}" : t.s);
    r->json.failed |= t.failed || in.json.failed;
}

static int write_case(struct case_log *c, const struct acquire_options *o,
                      char **names, size_t n, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    host_record(&r);
    add_names(&r, names, n);
    record_u64(&r, "snapshots", c->count);
    record_bool(&r, "all_listed", !c->partial);
    if (o->apart)
        record_bool(&r, "apart", true);
    if (c->service.s)
        record_json(&r, "service", c->service.s);
    r.json.failed |= c->service.failed;
    if (o->since)
        record_str(&r, "since", o->since);
    add_options(&r, o);
    return log_write(c->log, "case", &r, e);
}

static int write_members(struct case_log *c, struct err *e)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct case_member *m = &c->members[i];
        autorecord struct record r = RECORD_INIT;

        record_u64(&r, "position", i + 1);
        record_str(&r, "snapshot", m->snapshot);
        if (m->time)
            record_str(&r, "start_time", m->time);
        record_bool(&r, "usable", m->usable);
        if (log_write(c->log, "member", &r, e) < 0)
            return -1;
    }
    return 0;
}

static int write_notes(struct case_log *c, struct err *e)
{
    for (size_t i = 0; i < c->notes.count; i++) {
        autorecord struct record r = RECORD_INIT;

        record_str(&r, "text", c->notes.list[i]);
        if (log_write(c->log, "warning", &r, e) < 0)
            return -1;
    }
    return log_sync(c->log, e);
}

int case_write_identity(struct case_log *c, const char *text, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "text", text);
    return log_write(c->log, "identity", &r, e);
}

static int check_free(const struct case_log *c, const char *prefix,
                      struct err *e)
{
    autofree char *word = text_word(prefix);

    if (!file_exists(c->path))
        return 0;
    return err_set(e, ERR_DEST, 0, "%s exists already; nothing is "
                   "overwritten: go on with that chain by  ebsimg acquire "
                   "--resume %s  or choose another --output", c->path,
                   word ? word : "PREFIX");
}

int case_begin(struct case_log *c, const struct acquire_options *o,
               char **names, size_t n, struct err *e)
{
    if (check_free(c, o->output ? o->output : names[0], e) < 0
        || case_clear_sums(c, e) < 0)
        return -1;
    c->log = log_create(c->path, &clock_system, e);
    if (!c->log || case_take_lock(c, e) < 0 || write_case(c, o, names, n, e) < 0
        || write_members(c, e) < 0 || write_notes(c, e) < 0)
        return -1;
    return file_sync_folder_of(c->path, e);
}

int case_reopen(struct case_log *c, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    if (case_clear_sums(c, e) < 0)
        return -1;
    c->log = log_reopen(c->path, &clock_system, &c->end, e);
    if (!c->log)
        return -1;
    host_record(&r);
    record_u64(&r, "previous_events", c->end.events);
    record_hex(&r, "previous_head", c->end.head, LOG_HASH);
    record_u64(&r, "log_bytes_cut", c->cut);
    return log_write(c->log, "resume", &r, e);
}

int case_write_end(struct case_log *c, size_t made, size_t failed, int status,
                   struct err *e)
{
    autorecord struct record r = RECORD_INIT;
    struct log *l = c->log;

    record_u64(&r, "images", made);
    record_u64(&r, "failed", failed);
    record_u64(&r, "exit_status", (uint64_t)status);
    if (log_write(l, "end", &r, e) < 0)
        return -1;
    log_place(l, &c->end);
    c->log = NULL;
    return log_close(l, e);
}
