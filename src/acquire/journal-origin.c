/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/journal-origin.h"

#include "base/file.h"
#include "base/scope.h"
#include "fetch/service.h"

static void add_optional(struct record *r, const char *key, const char *s)
{
    if (s)
        record_str(r, key, s);
}

int journal_credentials(struct journal *j, const struct origin *o,
                        struct err *e)
{
    const struct credentials *c = &o->settings.credentials;
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "source", c->source);
    record_str(&r, "access_key_id", c->access_key_id);
    record_bool(&r, "session_token", c->session_token != NULL);
    if (c->expires)
        record_time(&r, "expires", c->expires);
    service_record(o->aws, &o->settings, &r);
    return log_write(j->log, "credentials", &r, e);
}

int journal_caller(struct journal *j, const struct origin *o,
                   const struct call *c, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    add_optional(&r, "account", o->caller.account);
    add_optional(&r, "arn", o->caller.arn);
    add_optional(&r, "user_id", o->caller.user_id);
    record_str(&r, "request_id", c->request_id);
    return log_write(j->log, "caller", &r, e);
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

int journal_snapshot(struct journal *j, const struct origin *o,
                     const struct call *c, struct err *e)
{
    const struct ec2_snapshot *s = &o->facts;
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
    if (s->encrypted.told)
        record_bool(&r, "encrypted", s->encrypted.value);
    add_optional(&r, "kms_key", s->kms_key_id);
    add_optional(&r, "tier", s->storage_tier);
    add_tags(&r, s);
    record_str(&r, "request_id", c->request_id);
    return log_write(j->log, "snapshot", &r, e);
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

int journal_since(struct journal *j, const struct since *s,
                  const struct err *why, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "image", s->path ? s->image.paths[0] : j->opt->since);
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
    return log_write(j->log, "since", &r, e);
}

int journal_source(struct journal *j, const struct origin *o, struct err *e)
{
    autorecord struct record r = RECORD_INIT;
    int64_t offset;

    record_u64(&r, "volume_size", o->volume_size);
    record_u64(&r, "block_size", BLOCK_SIZE);
    record_u64(&r, "sectors", o->volume_size / 512);
    if (aws_clock_offset(o->aws, &offset))
        record_i64(&r, "clock_offset_seconds", offset);
    return log_write(j->log, "source", &r, e);
}

int journal_origin(struct journal *j, const struct origin_facts *then,
                   const struct origin_facts *now,
                   const struct origin_look *look, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    origin_add_look(&r, then, now, look);
    return log_write(j->log, "origin", &r, e);
}
