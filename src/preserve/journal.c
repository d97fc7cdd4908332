/* SPDX-License-Identifier: Apache-2.0 */
/* The log of a run: the same form, chain and writer as that of an
 * acquisition. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "preserve/preserve-private.h"
#include "show/tell.h"

static int name_log(struct preserve *p, struct err *e)
{
    char time[CLOCK_TEXT];
    int n;

    clock_compact(time, clock_wall(&clock_system));
    n = p->opt->log ? asprintf(&p->log_path, "%s", p->opt->log)
        : asprintf(&p->log_path, "%s-%s.snapshot.jsonl", p->target, time);
    if (n >= 0)
        return 0;
    p->log_path = NULL;
    return err_nomem(e);
}

static int add_volumes(const struct preserve *p, struct record *r,
                       struct err *e)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "[");
    for (size_t i = 0; i < p->nvolumes; i++) {
        text_addf(&t, "%s{\"volume\":\"%s\",\"device\":", i ? "," : "",
                  p->volumes[i].id);
        text_add_json(&t, p->volumes[i].device);
        text_addf(&t, ",\"gib\":%llu}",
                  (unsigned long long)p->volumes[i].gib);
    }
    text_add(&t, "]");
    if (t.failed)
        return err_nomem(e);
    record_json(r, "volumes", t.s);
    return 0;
}

static int add_tags(const struct preserve *p, struct record *r,
                    struct err *e)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "{");
    for (size_t i = 0; i < p->order.nlabels; i++) {
        text_add(&t, i ? "," : "");
        text_add_json(&t, p->labels[i].key);
        text_add(&t, ":");
        text_add_json(&t, p->labels[i].value);
    }
    text_add(&t, "}");
    if (t.failed)
        return err_nomem(e);
    record_json(r, "tags", t.s);
    return 0;
}

static int write_start(struct preserve *p, struct err *e)
{
    const struct settings *s = &p->service.settings;
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "tool", "ebsimg");
    record_str(&r, "version", PACKAGE_VERSION);
    record_str(&r, "target", p->target);
    record_str(&r, "request", p->token);
    record_str(&r, "description", p->order.description);
    if (add_volumes(p, &r, e) < 0 || add_tags(p, &r, e) < 0)
        return -1;
    record_str(&r, "allowed_by", p->opt->yes ? "--yes" : "the terminal");
    record_str(&r, "account", p->caller.account);
    record_str(&r, "arn", p->caller.arn);
    record_str(&r, "access_key_id", s->credentials.access_key_id);
    service_record(p->service.aws, s, &r);
    return log_write(p->log, "order", &r, e);
}

int preserve_log_begin(struct preserve *p, struct err *e)
{
    if (name_log(p, e) < 0)
        return -1;
    p->log = log_create(p->log_path, &clock_system, e);
    if (!p->log)
        return -1;
    log_tell_clock(p->log);
    return write_start(p, e) < 0 ? -1 : log_sync(p->log, e);
}

int preserve_log_attempt(struct preserve *p, unsigned n, const char *outcome,
                         const struct err *why, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "action", p->order.instance ? "CreateSnapshots"
                                               : "CreateSnapshot");
    record_u64(&r, "attempt", n);
    record_str(&r, "outcome", outcome);
    record_str(&r, "request_id", p->service.call->request_id);
    if (why) {
        record_str(&r, "reason", why->msg);
        record_str(&r, "code", why->code);
    }
    if (log_write(p->log, "attempt", &r, e) < 0)
        return -1;
    return log_sync(p->log, e);
}

int preserve_log_look(struct preserve *p, size_t found, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "tag", PRESERVE_TAG);
    record_u64(&r, "found", found);
    return log_write(p->log, "look", &r, e);
}

int preserve_log_made(struct preserve *p, const struct preserve_made *m,
                      const char *told_by, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "snapshot", m->id);
    record_str(&r, "volume", m->volume);
    record_u64(&r, "gib", m->gib);
    record_str(&r, "told_by", told_by);
    return log_write(p->log, "made", &r, e);
}

int preserve_log_state(struct preserve *p, const struct preserve_made *m,
                       struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "snapshot", m->id);
    record_str(&r, "state", m->state);
    record_str(&r, "progress", m->progress);
    return log_write(p->log, "state", &r, e);
}

int preserve_warn(struct preserve *p, const char *text, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    p->reserve = true;
    tell_warning("%s", text);
    record_str(&r, "text", text);
    return log_write(p->log, "warning", &r, e);
}

int preserve_log_end(struct preserve *p, const char *outcome,
                     const struct err *why, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "outcome", outcome);
    record_u64(&r, "snapshots", p->nmade);
    if (why) {
        record_str(&r, "kind", err_kind_name(why->kind));
        record_str(&r, "reason", why->msg);
    }
    return log_write(p->log, "end", &r, e);
}
