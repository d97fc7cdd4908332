/* The events of an acquisition's log; doc/log-format.md describes them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "cmd/acquisition.h"
#include "cmd/host.h"
#include "ebs/requests.h"

/* Throttling comes in thousands: one event a second tells them. */
#define THROTTLE_EVERY_NS NS_PER_S

static const char *const format_names[FORMATS] = { "e01", "raw" };

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

int journal_start(struct acquisition *a, struct err *e)
{
    const struct acquire_options *o = a->opt;
    autorecord struct record r = RECORD_INIT;

    host_record(&r);
    record_str(&r, "snapshot", a->snapshot);
    add_set(&r, "formats", o->formats, format_names, FORMATS);
    add_set(&r, "hashes", o->hashes, hash_names, HASH_KINDS);
    add_set(&r, "file_hashes", outputs_file_hashes(a), hash_names,
            HASH_KINDS);
    add_service_options(&r, o);
    add_optional(&r, "since", o->since);
    if (o->since)
        record_u64(&r, "audit", o->audit);
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

    host_record(&r);
    record_str(&r, "snapshot", a->snapshot);
    record_u64(&r, "session", s->sessions + 1);
    record_str(&r, "begun_by", a->begun_by);
    record_u64(&r, "previous_events", s->log.events);
    record_hex(&r, "previous_head", s->log.head, LOG_HASH);
    record_u64(&r, "log_bytes_cut", s->log_cut);
    add_place(&r, s);
    add_service_options(&r, a->opt);
    warn_going_back(a);
    return log_write(a->log, "resume", &r, e);
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
    record_str(&r, "region", a->settings.region);
    record_str(&r, "endpoint", aws_endpoint(a->aws, AWS_EBS));
    add_optional(&r, "ca_bundle", a->settings.ca_bundle);
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
    record_u64(&r, "full_size", s->full_size);
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

    record_str(&r, "image", s->image.paths[0]);
    record_str(&r, "snapshot", s->snapshot);
    record_hex(&r, "log_head", s->evidence.log.check.head, LOG_HASH);
    record_hex(&r, "manifest_sha256", s->manifest, MANIFEST_HASH);
    record_hex(&r, "manifest_root", s->root, MANIFEST_HASH);
    record_bool(&r, "used", s->used);
    if (s->used)
        add_since(&r, s);
    else
        record_str(&r, "why_not", why->msg);
    record_u64(&r, "list_calls", s->list_calls);
    return log_write(a->log, "since", &r, e);
}

void journal_not_carried(struct acquisition *a, const struct slot *s)
{
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "block", slot_index(s));
    record_u64(&r, "offset", s->offset);
    record_bool(&r, "unreadable", s->unreadable);
    record_hex(&r, "manifest_sha256", s->expected, 32);
    if (!s->unreadable)
        record_hex(&r, "image_sha256", s->sha256, 32);
    if (!a->opt->quiet)
        fprintf(stderr, "ebsimg: warning: block %" PRIu32 " of the earlier "
                "image is not what its manifest says; it is fetched\n",
                slot_index(s));
    log_write(a->log, "not_carried", &r, &e); /* kept by the log */
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
    return log_write(a->log, "source", &r, e);
}

int journal_output(struct acquisition *a, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "prefix", a->prefix);
    add_set(&r, "formats", a->opt->formats, format_names, FORMATS);
    if (a->chunk_size)
        record_u64(&r, "chunk_size", a->chunk_size);
    record_u64(&r, "segment_size", a->opt->segment_size);
    record_u64(&r, "slots", a->room.slots);
    record_u64(&r, "threads", a->room.threads);
    record_u64(&r, "memory", a->room.memory);
    return log_write(a->log, "output", &r, e);
}

/* ------------------------------------------------------------- on the way */

static void add_call(struct record *r, const struct aws_event *ev)
{
    record_str(r, "method", ev->call->method);
    record_str(r, "path", ev->call->path.s ? ev->call->path.s : "/");
    record_u64(r, "attempt", ev->attempt);
    record_str(r, "detail", ev->detail);
    record_str(r, "request_id", ev->request_id);
    record_u64(r, "wait_ms", ev->wait_ms);
}

static bool hold_back(struct acquisition *a, const struct aws_event *ev)
{
    uint64_t now = clock_monotonic(a->clock);

    if (strcmp(ev->what, "throttled") != 0)
        return false;
    if (a->throttle_told && now - a->throttle_told < THROTTLE_EVERY_NS) {
        a->throttles_held++;
        return true;
    }
    a->throttle_told = now;
    return false;
}

/* A wait of minutes before anything moves must not look like a hang. */
static bool is_wait(const struct acquisition *a, const struct aws_event *ev)
{
    return !a->opt->quiet && strcmp(ev->what, "not_ready") == 0;
}

void journal_aws_event(void *ctx, const struct aws_event *ev)
{
    struct acquisition *a = ctx;
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    if (!a->log || hold_back(a, ev))
        return;
    add_call(&r, ev);
    if (strcmp(ev->what, "throttled") == 0) {
        record_u64(&r, "more", a->throttles_held);
        a->throttles_held = 0;
    }
    if (a->opt->verbose || is_wait(a, ev))
        fprintf(stderr, "ebsimg: %s: %s: %s\n", ev->what,
                ev->call->path.s ? ev->call->path.s : "/", ev->detail);
    log_write(a->log, ev->what, &r, &e); /* a failure is kept by the log */
}

void journal_unreadable(void *ctx, const struct slot *s,
                        const struct err *why)
{
    struct acquisition *a = ctx;
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "block", slot_index(s));
    record_u64(&r, "offset", s->offset);
    record_u64(&r, "length", s->len);
    record_u64(&r, "first_sector", s->offset / 512);
    record_u64(&r, "sectors", s->len / 512);
    record_str(&r, "reason", why->msg);
    record_str(&r, "code", why->code);
    record_u64(&r, "http_status", (uint64_t)why->http_status);
    record_u64(&r, "attempts", s->attempts);
    record_str(&r, "request_id", s->request_id);
    if (s->provider)
        record_hex(&r, "provider_sha256", s->expected, 32);
    if (!a->opt->quiet)
        fprintf(stderr, "ebsimg: unreadable, filled with zeros: %s\n",
                why->msg);
    log_write(a->log, "unreadable", &r, &e);
}

void journal_late(void *ctx, const struct slot *s, uint64_t milliseconds)
{
    struct acquisition *a = ctx;
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "block", slot_index(s));
    record_u64(&r, "milliseconds", milliseconds);
    if (a->opt->verbose)
        fprintf(stderr, "ebsimg: late: block %" PRIu32 " has taken %" PRIu64
                " ms: it is asked for a second time\n", slot_index(s),
                milliseconds);
    log_write(a->log, "late", &r, &e);
}

void journal_progress(struct acquisition *a,
                      const struct pipeline_state *st)
{
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "written", st->written);
    record_u64(&r, "blocks", st->blocks);
    log_write(a->log, "progress", &r, &e);
}

/* ---------------------------------------------------------------- the end */

static void add_hashes(struct record *r, const struct hashes *h)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if (h->have & HASH_BIT(k))
            record_hex(r, hash_names[k], h->value[k], hash_sizes[k]);
}

static int write_list(struct acquisition *a, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "blocks", blockmap_listed(a->map));
    record_u64(&r, "pages", blockmap_pages(a->map));
    if (a->facts_known && a->facts.full_size)
        record_u64(&r, "ec2_blocks", a->facts.full_size / BLOCK_SIZE);
    else if (a->list != LIST_ALONE)
        record_bool(&r, "listed_again_the_same", a->list == LIST_TWICE);
    return log_write(a->log, "list", &r, e);
}

static int write_files(struct acquisition *a, struct err *e)
{
    for (size_t i = 0; i < a->nfiles; i++) {
        const struct output_file *f = &a->files[i];
        autorecord struct record r = RECORD_INIT;

        record_str(&r, "name", f->name);
        record_u64(&r, "size", f->size);
        record_u64(&r, "allocated", f->allocated);
        add_hashes(&r, &f->hashes);
        if (log_write(a->log, "file", &r, e) < 0)
            return -1;
    }
    return 0;
}

static int write_manifest(struct acquisition *a, struct err *e)
{
    const struct ledger_counts *c = &a->ledger.counts;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "rows", c->stored + c->zero + c->unreadable);
    record_u64(&r, "stored", c->stored);
    record_u64(&r, "stored_zero", c->zero);
    record_u64(&r, "unreadable", c->unreadable);
    record_u64(&r, "never_stored", c->hole_bytes / BLOCK_SIZE);
    if (a->since.used)
        record_u64(&r, "carried", c->carried);
    record_hex(&r, "sha256", a->ledger.file, MANIFEST_HASH);
    record_hex(&r, "root", a->ledger.root, MANIFEST_HASH);
    return log_write(a->log, "manifest", &r, e);
}

/* How the blocks of the earlier image came into the raw one. */
static int write_shared(struct acquisition *a, struct err *e)
{
    const struct since *s = &a->since;
    autorecord struct record r = RECORD_INIT;
    const char *why = s->share ? raw_share_refusal(s->share)
        : "the earlier image is no raw file in one piece";

    if (!s->used || !(a->opt->formats & (1u << FORMAT_RAW)))
        return 0;
    if (s->share && a->opt->segment_size)
        why = "the raw image is in pieces";
    record_u64(&r, "blocks", s->share ? raw_share_count(s->share) : 0);
    if (why)
        record_str(&r, "why_not", why);
    return log_write(a->log, "shared", &r, e);
}

int journal_results(struct acquisition *a, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    add_hashes(&r, &a->stream);
    record_u64(&r, "bytes", a->volume_size);
    if (write_list(a, e) < 0 || write_files(a, e) < 0
        || write_manifest(a, e) < 0 || write_shared(a, e) < 0)
        return -1;
    return log_write(a->log, "hashes", &r, e);
}

static void add_reason(struct record *r, const struct err *why)
{
    record_str(r, "error", why->msg);
    record_str(r, "kind", err_kind_name(why->kind));
    if (why->code[0])
        record_str(r, "code", why->code);
    if (why->http_status)
        record_u64(r, "http_status", (uint64_t)why->http_status);
}

int journal_end(struct acquisition *a, const struct err *why, struct err *e)
{
    autorecord struct record r = RECORD_INIT;
    struct aws_counts c = { 0 };

    a->ended = clock_wall(a->clock);
    if (a->aws)
        aws_counts(a->aws, &c);
    record_str(&r, "verdict", outcome_name(a->outcome));
    record_u64(&r, "exit_status", (uint64_t)outcome_status(a->outcome, why));
    if (why->kind != ERR_NONE)
        add_reason(&r, why);
    record_u64(&r, "requests", c.requests);
    record_u64(&r, "retries", c.retries);
    record_u64(&r, "throttled", c.throttled);
    record_u64(&r, "milliseconds", (a->ended - a->session) / NS_PER_MS);
    if (log_write(a->log, "end", &r, e) < 0)
        return -1;
    log_head(a->log, a->log_head);
    return 0;
}
