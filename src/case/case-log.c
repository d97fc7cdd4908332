#include "case/case-log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acquire/host.h"
#include "acquire/recipe.h"
#include "audit/artefacts.h"
#include "audit/evidence.h"
#include "audit/logcheck.h"
#include "audit/outcome.h"
#include "base/file.h"
#include "base/filesystem.h"
#include "base/json.h"
#include "base/scope.h"
#include "base/snapshot-id.h"

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

static int take_lock(struct case_log *c, struct err *e)
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
    if (check_free(c, o->output ? o->output : names[0], e) < 0)
        return -1;
    c->log = log_create(c->path, &clock_system, e);
    if (!c->log || take_lock(c, e) < 0 || write_case(c, o, names, n, e) < 0
        || write_members(c, e) < 0 || write_notes(c, e) < 0)
        return -1;
    return file_sync_folder_of(c->path, e);
}

/* ---------------------------------------------------------------- images */

static uint64_t fetched(const struct ledger_counts *n)
{
    return n->stored + n->zero - n->carried;
}

void case_count(struct case_member *m, const struct acquisition *a)
{
    m->counted = true;
    m->fetched = fetched(&a->ledger.counts) + a->since.audited;
    m->carried = a->ledger.counts.carried;
}

static void note_result(struct case_member *m, const struct acquisition *a,
                        int status)
{
    m->status = status;
    m->outcome = a->outcome;
    if (a->outcome != OUTCOME_FAILED && a->outcome != OUTCOME_INTERRUPTED)
        case_count(m, a);
}

static void add_result(struct record *r, const struct acquisition *a)
{
    record_hex(r, "log_head", a->log_end.head, LOG_HASH);
    record_hex(r, "manifest_sha256", a->ledger.file, MANIFEST_HASH);
    record_hex(r, "manifest_root", a->ledger.root, MANIFEST_HASH);
    record_hashes(r, &a->stream);
    record_bool(r, "in_full", !a->since.used);
    record_u64(r, "carried", a->ledger.counts.carried);
    record_u64(r, "fetched", fetched(&a->ledger.counts));
    record_u64(r, "audited", a->since.audited);
}

static int write_image(struct case_log *c, const struct record *r,
                       struct err *e)
{
    if (log_write(c->log, "image", r, e) < 0)
        return -1;
    return log_sync(c->log, e);
}

int case_write_image(struct case_log *c, struct case_member *m,
                     const char *prefix, const struct acquisition *a,
                     const struct err *why, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    note_result(m, a, outcome_status(a->outcome, why));
    record_str(&r, "snapshot", m->snapshot);
    record_str(&r, "prefix", prefix);
    if (a->opt->since)
        record_str(&r, "since", a->opt->since);
    record_str(&r, "verdict", outcome_name(a->outcome));
    record_u64(&r, "exit_status", (uint64_t)m->status);
    if (why->kind == ERR_NONE)
        add_result(&r, a);
    else
        record_str(&r, "error", why->msg);
    return write_image(c, &r, e);
}

/* Only what ends well is given names; anything else is not ours. */
static int check_found(const struct run_record *l, struct case_member *m,
                       struct err *e)
{
    struct err none = ERR_INIT;

    if (!l->present || !l->check.closed
        || outcome_parse(l->verdict, &m->outcome) < 0
        || m->outcome == OUTCOME_FAILED
        || m->outcome == OUTCOME_INTERRUPTED)
        return err_set(e, ERR_VERIFY, 0, "its log does not say that it is "
                       "complete");
    if (strcmp(l->snapshot, m->snapshot) != 0)
        return err_set(e, ERR_VERIFY, 0, "it is of %s", l->snapshot);
    m->status = outcome_status(m->outcome, &none);
    return 0;
}

static int write_found(struct case_log *c, const char *prefix,
                       const struct run_record *l, int status,
                       struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "snapshot", l->snapshot);
    record_str(&r, "prefix", prefix);
    record_str(&r, "verdict", l->verdict);
    record_u64(&r, "exit_status", (uint64_t)status);
    record_bool(&r, "by_its_log", true);
    record_hex(&r, "log_head", l->check.head, LOG_HASH);
    record_hex(&r, "manifest_sha256", l->manifest_sha256, MANIFEST_HASH);
    record_hex(&r, "manifest_root", l->manifest_root, MANIFEST_HASH);
    record_hashes(&r, &l->stream);
    return write_image(c, &r, e);
}

int case_write_found(struct case_log *c, struct case_member *m,
                     const char *prefix, struct err *e)
{
    struct evidence ev;
    int r = evidence_find(prefix, &ev, e);

    if (r == 0)
        r = evidence_read_log(&ev, e);
    if (r == 0)
        r = check_found(&ev.log, m, e);
    if (r == 0)
        r = write_found(c, prefix, &ev.log, m->status, e);
    else
        err_in(e, "the image %s", prefix);
    evidence_free(&ev);
    return r;
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

/* --------------------------------------------------------------- reading */

static int nonsense(const char *event, struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "its event \"%s\" makes no sense",
                   event);
}

static int on_case(struct case_log *c, const cJSON *event, struct err *e)
{
    const cJSON *options;

    if (c->begin)
        return nonsense("case", e);
    c->begin = cJSON_Duplicate(event, 1);
    if (!c->begin)
        return err_nomem(e);
    options = json_member(c->begin, "options");
    if (!options)
        return err_set(e, ERR_USAGE, 0, "it was written by another version "
                       "of ebsimg, which cannot go on with it");
    c->partial = cJSON_IsFalse(json_member(c->begin, "all_listed"));
    recipe_take_options(options, &c->options);
    if (!recipe_options_possible(&c->options)
        || recipe_take_count(options, "audit", &c->options.audit) < 0
        || !json_whole(c->begin, "snapshots", UINT32_MAX, &c->expected))
        return nonsense("case", e);
    return 0;
}

static int on_member(struct case_log *c, const cJSON *event, struct err *e)
{
    const char *snapshot = json_text(event, "snapshot");

    if (!c->begin || !snapshot || !snapshot_id_ok(snapshot))
        return nonsense("member", e);
    return case_add_member(c, snapshot, json_text(event, "start_time"),
                           cJSON_IsTrue(json_member(event, "usable")), e);
}

static struct case_member *member_of(const struct case_log *c,
                                     const char *snapshot)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->members[i].snapshot, snapshot) == 0)
            return &c->members[i];
    return NULL;
}

static int on_image(struct case_log *c, const cJSON *event, struct err *e)
{
    const char *snapshot = json_text(event, "snapshot");
    const char *verdict = json_text(event, "verdict");
    struct case_member *m = snapshot ? member_of(c, snapshot) : NULL;
    uint64_t status, audited = 0;

    if (!m || !verdict || outcome_parse(verdict, &m->outcome) < 0
        || !json_whole(event, "exit_status", 255, &status))
        return nonsense("image", e);
    m->status = (int)status;
    m->counted = json_whole(event, "fetched", UINT32_MAX, &m->fetched)
        && json_whole(event, "carried", UINT32_MAX, &m->carried)
        && json_whole(event, "audited", UINT32_MAX, &audited);
    m->fetched += audited;
    return 0;
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    static const struct {
        const char *name;
        int (*take)(struct case_log *c, const cJSON *event, struct err *e);
    } rows[] = {
        { "case", on_case }, { "member", on_member }, { "image", on_image },
    };
    const char *name = json_text(event, "event");

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(name, rows[i].name) == 0)
            return rows[i].take(ctx, event, e);
    return 0;
}

static int read_events(struct case_log *c, struct err *e)
{
    struct logcheck check;
    struct err why = ERR_INIT;
    int r = logcheck_run(c->path, on_event, c, &check, &why);

    c->end = (struct log_place){ check.events, check.size, { 0 } };
    memcpy(c->end.head, check.head, LOG_HASH);
    if (r < 0 && why.kind == ERR_VERIFY)
        return logcheck_rest(c->lock.fd, c->path, c->end.size, &why, &c->cut,
                             e);
    if (r < 0)
        *e = why;
    return r;
}

int case_read(struct case_log *c, struct err *e)
{
    if (take_lock(c, e) < 0)
        return -1;
    if (read_events(c, e) < 0)
        return err_in(e, "the chain of %s cannot be gone on with", c->path);
    if (c->begin && c->count == c->expected)
        return 0;
    return err_set(e, ERR_USAGE, 0, "the chain of %s ended before there was "
                   "anything to go on with: move that file away and start anew",
                   c->path);
}

int case_reopen(struct case_log *c, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    c->log = log_reopen(c->path, &clock_system, &c->end, e);
    if (!c->log)
        return -1;
    host_record(&r);
    record_u64(&r, "previous_events", c->end.events);
    record_hex(&r, "previous_head", c->end.head, LOG_HASH);
    record_u64(&r, "log_bytes_cut", c->cut);
    return log_write(c->log, "resume", &r, e);
}

const char *case_since(const struct case_log *c)
{
    return json_text(c->begin, "since");
}

bool case_is_of(const struct case_log *c, char **names, size_t n)
{
    const cJSON *asked = json_member(c->begin, "asked_for");
    size_t i = 0;

    for (const cJSON *j = asked ? asked->child : NULL; j; j = j->next, i++)
        if (i >= n || !cJSON_IsString(j)
            || strcmp(j->valuestring, names[i]) != 0)
            return false;
    return i == n;
}
