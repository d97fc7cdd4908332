/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/journal-way.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "show/tell.h"

/* Throttling comes in thousands: one event a second tells them. */
#define THROTTLE_EVERY_NS NS_PER_S

static void add_call(struct record *r, const struct aws_event *ev)
{
    record_str(r, "method", ev->call->method);
    record_str(r, "path", ev->call->path.s ? ev->call->path.s : "/");
    record_u64(r, "attempt", ev->attempt);
    record_str(r, "detail", ev->detail);
    record_str(r, "request_id", ev->request_id);
    record_u64(r, "wait_ms", ev->wait_ms);
}

static bool hold_back(struct journal *j, const struct aws_event *ev)
{
    uint64_t now = clock_monotonic(j->clock);

    if (strcmp(ev->what, "throttled") != 0)
        return false;
    if (j->throttle_told && now - j->throttle_told < THROTTLE_EVERY_NS) {
        j->throttles_held++;
        return true;
    }
    j->throttle_told = now;
    return false;
}

/* A wait of minutes before anything moves must not look like a hang. */
static bool is_wait(const struct aws_event *ev)
{
    return strcmp(ev->what, "not_ready") == 0;
}

void journal_aws_event(void *ctx, const struct aws_event *ev)
{
    struct journal *j = ctx;
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    if (!j->log || hold_back(j, ev))
        return;
    add_call(&r, ev);
    if (strcmp(ev->what, "throttled") == 0) {
        record_u64(&r, "more", j->throttles_held);
        j->throttles_held = 0;
    }
    if (is_wait(ev))
        tell_note("%s: %s: %s", ev->what,
                  ev->call->path.s ? ev->call->path.s : "/", ev->detail);
    else
        tell_hook_attempt(NULL, ev);
    log_write(j->log, ev->what, &r, &e); /* a failure is kept by the log */
}

/* The manifest has the ids of the answers that brought blocks; the provider's
 * own records have those of the lists, too. */
void journal_list_answer(void *ctx, const struct call *c)
{
    struct journal *j = ctx;
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "method", c->method);
    record_str(&r, "path", c->path.s ? c->path.s : "/");
    record_str(&r, "request_id", c->request_id);
    if (j->log)
        log_write(j->log, "answer", &r, &e);
}

void journal_newer_keys(void *ctx, const struct credentials *c)
{
    struct journal *j = ctx;
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "source", c->source);
    record_str(&r, "access_key_id", c->access_key_id);
    if (c->expires)
        record_time(&r, "expires", c->expires);
    tell_detail("new keys: %s", c->access_key_id);
    log_write(j->log, "renewed", &r, &e);
}

void journal_note(void *ctx, const char *text)
{
    struct journal *j = ctx;
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "text", text);
    tell_note("%s", text);
    if (j->log)
        log_write(j->log, "note", &r, &e);
}

void journal_unreadable(void *ctx, const struct slot *s,
                        const struct err *why)
{
    struct journal *j = ctx;
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
    tell_note("unreadable, filled with zeros: %s", why->msg);
    log_write(j->log, "unreadable", &r, &e);
}

void journal_late(void *ctx, const struct slot *s, uint64_t milliseconds)
{
    struct journal *j = ctx;
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "block", slot_index(s));
    record_u64(&r, "milliseconds", milliseconds);
    tell_detail("late: block %" PRIu32 " has taken %" PRIu64 " ms: it is "
                "asked for a second time", slot_index(s), milliseconds);
    log_write(j->log, "late", &r, &e);
}

void journal_progress(struct journal *j,
                      const struct pipeline_state *st)
{
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "written", st->written);
    record_u64(&r, "blocks", st->blocks);
    record_u64(&r, "milliseconds", span_ns(&j->span) / NS_PER_MS);
    log_write(j->log, "progress", &r, &e);
}

void journal_not_carried(struct journal *j, const struct slot *s)
{
    struct err e = ERR_INIT;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "block", slot_index(s));
    record_u64(&r, "offset", s->offset);
    record_bool(&r, "unreadable", s->unreadable);
    record_hex(&r, "manifest_sha256", s->expected, 32);
    if (!s->unreadable)
        record_hex(&r, "image_sha256", s->sha256, 32);
    tell_warning("block %" PRIu32 " of the earlier image is not what its "
                 "manifest says; it is fetched", slot_index(s));
    log_write(j->log, "not_carried", &r, &e); /* kept by the log */
}
