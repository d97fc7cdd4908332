/* The events of an acquisition's log until the first block comes: how it was
 * asked for, who asks, what is read and what is written. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/host.h"
#include "acquire/recipe.h"
#include "audit/summary.h"
#include "base/file.h"
#include "base/scope.h"
#include "ebs/requests.h"

static void add_set(struct record *r, const char *key, unsigned set,
                    const char *const *words, int n)
{
    char list[64] = "";

    for (int i = 0; i < n; i++) {
        if (!(set & (1u << i)))
            continue;
        if (list[0])
            strcat(list, ",");
        strcat(list, words[i]);
    }
    record_str(r, key, list);
}

static void add_optional(struct record *r, const char *key, const char *s)
{
    if (s)
        record_str(r, key, s);
}

/* Those that may differ from one session to the next. */
static void add_service_options(struct record *r,
                                const struct acquire_options *o)
{
    record_str(r, "on_unreadable", o->on_unreadable ? "zero" : "stop");
    record_u64(r, "connections", o->service.connections);
    record_u64(r, "rate", o->service.rate);
    record_u64(r, "attempts", o->service.attempts);
    record_u64(r, "give_up_seconds", o->service.give_up);
    record_u64(r, "checkpoint_seconds", o->checkpoint);
}

/* Every session is of one version, and writes the log in its form. */
static void add_version(struct acquisition *a, struct record *r)
{
    host_record(r);
    record_u64(r, "summary", SUMMARY_FORM);
    log_tell_clock(a->log);
}

int journal_start(struct acquisition *a, struct err *e)
{
    const struct acquire_options *o = a->opt;
    autorecord struct record r = RECORD_INIT;

    add_version(a, &r);
    record_str(&r, "snapshot", a->snapshot);
    add_set(&r, "formats", o->formats, format_words, FORMATS);
    add_set(&r, "hashes", o->hashes, hash_names, HASH_KINDS);
    add_set(&r, "file_hashes", outputs_file_hashes(a), hash_names,
            HASH_KINDS);
    add_service_options(&r, o);
    add_optional(&r, "since", o->since);
    if (o->since)
        recipe_add_count(&r, "audit", o->audit);
    add_optional(&r, "case_number", o->case_number);
    add_optional(&r, "evidence_number", o->evidence_number);
    add_optional(&r, "examiner", o->examiner);
    add_optional(&r, "description", o->description);
    add_optional(&r, "notes", o->notes);
    return log_write(a->log, "start", &r, e);
}

/* Where it goes on, and why not later. */
static void add_place(struct record *r, const struct resuming *s)
{
    record_u64(r, "offset", s->at.offset);
    record_u64(r, "rows", s->at.rows);
    record_u64(r, "passed_over", s->passed_over);
    if (s->passed_over)
        record_str(r, "reason", s->reason);
}

static void warn_going_back(const struct acquisition *a)
{
    if (!a->opt->quiet && a->resume.passed_over)
        fprintf(stderr, "ebsimg: warning: going back to byte %" PRIu64
                ": %s\n", a->resume.at.offset, a->resume.reason);
}

int journal_resume(struct acquisition *a, struct err *e)
{
    const struct resuming *s = &a->resume;
    autorecord struct record r = RECORD_INIT;

    add_version(a, &r);
    record_str(&r, "snapshot", a->snapshot);
    record_u64(&r, "session", s->sessions + 1);
    record_str(&r, "begun_by", a->begun_by);
    record_u64(&r, "previous_events", s->log.events);
    record_hex(&r, "previous_head", s->log.head, LOG_HASH);
    record_u64(&r, "log_bytes_cut", s->log_cut);
    add_place(&r, s);
    add_service_options(&r, a->opt);
    recipe_add_count(&r, "recheck", a->opt->recheck);
    if (a->opt->since)
        recipe_add_count(&r, "audit", a->opt->audit);
    warn_going_back(a);
    return log_write(a->log, "resume", &r, e);
}

int journal_origin(struct acquisition *a, const struct origin *now,
                   const struct origin_look *look, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    origin_add_look(&r, &a->kept->origin, now, look);
    return log_write(a->log, "origin", &r, e);
}

int journal_rewind(struct acquisition *a, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    add_place(&r, &a->resume);
    warn_going_back(a);
    return log_write(a->log, "rewind", &r, e);
}

int journal_readback(struct acquisition *a, const char *name, uint64_t began,
                     struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "name", name);
    record_u64(&r, "bytes", a->resume.at.offset);
    record_u64(&r, "milliseconds",
               (clock_monotonic(a->clock) - began) / NS_PER_MS);
    return log_write(a->log, "readback", &r, e);
}

int journal_credentials(struct acquisition *a, struct err *e)
{
    const struct credentials *c = &a->settings.credentials;
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "source", c->source);
    record_str(&r, "access_key_id", c->access_key_id);
    record_bool(&r, "session_token", c->session_token != NULL);
    if (c->expires)
        record_time(&r, "expires", c->expires);
    service_record(a->aws, &a->settings, &r);
    return log_write(a->log, "credentials", &r, e);
}

int journal_caller(struct acquisition *a, const struct call *c,
                   struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    add_optional(&r, "account", a->caller.account);
    add_optional(&r, "arn", a->caller.arn);
    add_optional(&r, "user_id", a->caller.user_id);
    record_str(&r, "request_id", c->request_id);
    return log_write(a->log, "caller", &r, e);
}

static void add_tags(struct record *r, const struct ec2_snapshot *s)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "[");
    for (size_t i = 0; i < s->ntags; i++) {
        text_add(&t, i ? ",{\"key\":" : "{\"key\":");
        text_add_json(&t, s->tags[i].key);
        text_add(&t, ",\"value\":");
        text_add_json(&t, s->tags[i].value);
        text_add(&t, "}");
    }
    text_add(&t, "]");
    record_json(r, "tags", t.failed ? "null" : t.s);
    r->json.failed |= t.failed;
}

int journal_snapshot(struct acquisition *a, const struct call *c,
                     struct err *e)
{
    const struct ec2_snapshot *s = &a->facts;
    autorecord struct record r = RECORD_INIT;

    add_optional(&r, "snapshot", s->id);
    add_optional(&r, "volume", s->volume_id);
    add_optional(&r, "status", s->status);
    add_optional(&r, "start_time", s->start_time);
    add_optional(&r, "completion_time", s->completion_time);
    add_optional(&r, "owner", s->owner_id);
    record_u64(&r, "volume_gib", s->volume_gib);
    if (s->full_size.told)
        record_u64(&r, "full_size", s->full_size.value);
    add_optional(&r, "description", s->description);
    record_bool(&r, "encrypted", s->encrypted);
    add_optional(&r, "kms_key", s->kms_key_id);
    add_optional(&r, "tier", s->storage_tier);
    add_tags(&r, s);
    record_str(&r, "request_id", c->request_id);
    return log_write(a->log, "snapshot", &r, e);
}

int journal_warning(struct acquisition *a, const char *text, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "text", text);
    if (!a->opt->quiet)
        fprintf(stderr, "ebsimg: warning: %s\n", text);
    return log_write(a->log, "warning", &r, e);
}

static void add_known(struct record *r, const char *key, const char *s)
{
    if (s && s[0])
        record_str(r, key, s);
}

static void add_since(struct record *r, const struct since *s)
{
    record_u64(r, "changed", s->counts.changed);
    record_u64(r, "added", s->counts.added);
    record_u64(r, "removed", s->counts.removed);
    record_u64(r, "carried", s->carried);
    record_u64(r, "fetched", s->fetched);
    record_u64(r, "audited", s->audited);
}

int journal_since(struct acquisition *a, const struct err *why,
                  struct err *e)
{
    const struct since *s = &a->since;
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "image", s->path ? s->image.paths[0] : a->opt->since);
    if (s->path) {
        record_str(&r, "snapshot", s->snapshot);
        record_hex(&r, "log_head", s->evidence.log.check.head, LOG_HASH);
        record_hex(&r, "manifest_sha256", s->manifest, MANIFEST_HASH);
        record_hex(&r, "manifest_root", s->root, MANIFEST_HASH);
    }
    add_known(&r, "volume", s->evidence.log.volume_id);
    add_known(&r, "owner", s->evidence.log.owner);
    if (s->voucher.known)
        record_str(&r, "case_log", file_name(s->voucher.path));
    record_bool(&r, "used", s->used);
    if (s->used)
        add_since(&r, s);
    else
        record_str(&r, "why_not", why->msg);
    record_u64(&r, "list_calls", s->list_calls);
    return log_write(a->log, "since", &r, e);
}

int journal_source(struct acquisition *a, struct err *e)
{
    autorecord struct record r = RECORD_INIT;
    int64_t offset;

    record_u64(&r, "volume_size", a->volume_size);
    record_u64(&r, "block_size", BLOCK_SIZE);
    record_u64(&r, "sectors", a->volume_size / 512);
    if (aws_clock_offset(a->aws, &offset))
        record_i64(&r, "clock_offset_seconds", offset);
    if (log_write(a->log, "source", &r, e) < 0)
        return -1;
    return clockwatch_offset(a, e);
}

static char *lacks_of(const struct filesystem *fs)
{
    struct text t = TEXT_INIT;

    text_add(&t, "[");
    for (int i = 0; i < FILESYSTEM_LACKS; i++)
        if (fs->lacks & 1u << i)
            text_addf(&t, "%s\"%s\"", t.len > 1 ? "," : "",
                      filesystem_lack_names[i]);
    text_add(&t, "]");
    if (t.failed)
        text_free(&t);
    return t.s;
}

static void warn_of_others(const struct acquisition *a, bool others)
{
    if (!a->opt->quiet && others)
        text_tell("warning: other users may write in the folder of %s: they "
                  "can remove or replace its files when they have their names",
                  a->prefix);
}

int journal_folder(struct acquisition *a, struct err *e)
{
    const struct filesystem *fs = stage_filesystem(a->stage);
    autofree char *lacks = lacks_of(fs);
    autorecord struct record r = RECORD_INIT;
    bool others = stage_others_may_write(a->stage);

    if (!lacks)
        return err_nomem(e);
    record_str(&r, "filesystem", fs->name);
    record_bool(&r, "others_may_write", others);
    record_json(&r, "not_had", lacks);
    warn_of_others(a, others);
    return log_write(a->log, "folder", &r, e);
}

int journal_output(struct acquisition *a, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "prefix", a->prefix);
    add_set(&r, "formats", a->opt->formats, format_words, FORMATS);
    if (a->chunk_size)
        record_u64(&r, "chunk_size", a->chunk_size);
    record_u64(&r, "segment_size", a->opt->segment_size);
    record_u64(&r, "slots", a->budget.slots);
    record_u64(&r, "threads", a->budget.threads);
    record_u64(&r, "memory", a->budget.memory);
    return log_write(a->log, "output", &r, e);
}
