/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "audit/summary.h"
#include "base/build-id.h"
#include "base/clock.h"
#include "base/json.h"
#include "custody/show.h"
#include "report/forms.h"

static void put_number(struct text *t, const char *name, uint64_t n)
{
    if (n == RUN_UNTOLD)
        json_put_null(t, name);
    else
        json_put_u64(t, name, n);
}

/* What the log does not tell is null. */
static void put_text(struct text *t, const char *name, const char *value)
{
    json_put_text(t, name, value && value[0] ? value : NULL);
}

/* ----------------------------------------------------------------- verdict */

static void put_verdict(struct text *t, const struct report *r)
{
    json_open(t, "verdict", '{');
    json_put_text(t, "headline", report_headline(r));
    json_put_u64(t, "status", (uint64_t)report_status(r));
    json_put_bool(t, "log_broken", r->broken);
    json_put_bool(t, "died", r->died);
    json_put_bool(t, "made_an_image", !r->failed);
    json_put_bool(t, "unfinished_folder", r->papers.partial);
    json_put_bool(t, "head_compared", r->papers.v.head_compared);
    json_put_bool(t, "in_case_log", r->papers.v.in_case_log);
    json_put_bool(t, "image_read", false);
    json_put_bool(t, "sealed", r->papers.v.has_seal);
    put_text(t, "error", r->log->error);
    json_close(t, '}');
}

static void put_findings(struct text *t, const struct findings *f)
{
    static const char *const words[FINDING_KINDS] = {
        [FINDING_GOOD] = "ok",         [FINDING_NOTE] = "note",
        [FINDING_LINE_ENDS] = "note",  [FINDING_RESERVE] = "reserve",
        [FINDING_MISSING] = "missing", [FINDING_CHANGED] = "record",
        [FINDING_UNTRUSTED] = "seal",  [FINDING_BAD] = "image",
    };

    json_open(t, "findings", '[');
    for (size_t i = 0; i < f->count; i++) {
        json_open(t, NULL, '{');
        json_put_text(t, "result", words[f->list[i].kind]);
        json_put_text(t, "about", f->list[i].about);
        json_put_text(t, "text", f->list[i].text);
        json_close(t, '}');
    }
    json_close(t, ']');
}

/* ------------------------------------------------------------------ origin */

static void put_tags(struct text *t, const struct story *x)
{
    json_open(t, "tags", '[');
    for (size_t i = 0; i < x->ntags; i++) {
        json_open(t, NULL, '{');
        json_put_text(t, "key", x->tags[i].key);
        json_put_text(t, "value", x->tags[i].value);
        json_close(t, '}');
    }
    json_close(t, ']');
    json_put_u64(t, "all_tags", x->all_tags);
}

static void put_source(struct text *t, const struct report *r)
{
    const struct run_record *l = r->log;

    json_open(t, "source", '{');
    put_text(t, "snapshot", l->snapshot);
    put_text(t, "volume", l->volume_id);
    put_text(t, "owner", l->owner);
    put_text(t, "partition", l->partition);
    put_text(t, "region", l->region);
    put_text(t, "start_time", l->start_time);
    put_text(t, "completion_time", r->story.completion_time);
    put_text(t, "description", l->told_description);
    if (l->encrypted == RUN_UNSAID)
        json_put_null(t, "encrypted");
    else
        json_put_bool(t, "encrypted", l->encrypted == RUN_YES);
    put_text(t, "kms_key", l->kms_key);
    put_text(t, "request_id", r->story.snapshot_request);
    put_tags(t, &r->story);
    json_close(t, '}');
}

static void put_acquired(struct text *t, const struct report *r)
{
    const struct run_record *l = r->log;

    json_open(t, "acquired", '{');
    put_text(t, "account", l->account);
    put_text(t, "arn", l->arn);
    put_text(t, "user_id", r->story.user_id);
    put_text(t, "access_key_id", r->story.key_id);
    put_text(t, "keys_from", l->keys_from);
    put_text(t, "request_id", r->story.caller_request);
    put_text(t, "began", l->started);
    put_text(t, "ended", l->ended);
    put_number(t, "milliseconds", l->run_milliseconds == RUN_UNTOLD
               && l->course.sessions == 1 ? l->milliseconds
               : l->run_milliseconds);
    if (l->clock_known) {
        autotext struct text n = TEXT_INIT;

        text_addf(&n, "%" PRId64, l->clock_offset);
        json_put_value(t, "clock_offset_seconds", n.failed ? "null" : n.s);
    } else {
        json_put_null(t, "clock_offset_seconds");
    }
    put_text(t, "endpoint", l->endpoint);
    json_close(t, '}');
}

/* ------------------------------------------------------------------ course */

static void put_session(struct text *t, const struct story_session *x)
{
    json_open(t, NULL, '{');
    json_put_u64(t, "session", x->number);
    json_put_u64(t, "line", x->line);
    put_number(t, "offset", x->offset == RUN_UNTOLD ? 0 : x->offset);
    put_text(t, "began", x->began);
    put_text(t, "ended", x->ended);
    put_text(t, "verdict", x->verdict);
    put_text(t, "error", x->error);
    put_text(t, "version", x->version);
    put_text(t, "build", x->build);
    put_text(t, "host", x->host);
    put_text(t, "user", x->user);
    put_text(t, "command", x->command);
    put_number(t, "milliseconds", x->milliseconds);
    put_number(t, "requests", x->requests);
    put_number(t, "retries", x->retries);
    put_number(t, "throttled", x->throttled);
    json_close(t, '}');
}

static void put_troubles(struct text *t, const struct story *x)
{
    json_open(t, "troubles", '[');
    for (size_t i = 0; i < x->ntroubles; i++) {
        json_open(t, NULL, '{');
        json_put_text(t, "event", x->troubles[i].event);
        put_text(t, "asked_for", x->troubles[i].what);
        json_put_u64(t, "times", x->troubles[i].count);
        json_put_u64(t, "first_line", x->troubles[i].first_line);
        put_text(t, "first", x->troubles[i].first);
        json_close(t, '}');
    }
    json_close(t, ']');
    json_put_u64(t, "all_troubles", x->all_troubles);
}

static void put_unreadable(struct text *t, const struct story *x)
{
    json_open(t, "unreadable", '[');
    for (size_t i = 0; i < x->nunreadable; i++) {
        const struct story_unreadable *u = &x->unreadable[i];

        json_open(t, NULL, '{');
        json_put_u64(t, "line", u->line);
        put_number(t, "block", u->block);
        put_number(t, "offset", u->offset);
        put_number(t, "length", u->length);
        put_number(t, "attempts", u->attempts);
        put_text(t, "reason", u->reason);
        put_text(t, "code", u->code);
        put_text(t, "request_id", u->request_id);
        json_close(t, '}');
    }
    json_close(t, ']');
    json_put_u64(t, "all_unreadable", x->all_unreadable);
}

static void put_course(struct text *t, const struct story *x)
{
    json_open(t, "sessions", '[');
    for (size_t i = 0; i < x->nsessions; i++)
        put_session(t, &x->sessions[i]);
    json_close(t, ']');
    json_put_u64(t, "all_sessions", x->all_sessions);
    put_troubles(t, x);
    put_unreadable(t, x);
    json_open(t, "warnings", '[');
    for (size_t i = 0; i < x->nwarnings; i++) {
        json_open(t, NULL, '{');
        json_put_u64(t, "line", x->warnings[i].line);
        json_put_text(t, "text", x->warnings[i].text);
        json_close(t, '}');
    }
    json_close(t, ']');
    json_put_u64(t, "all_warnings", x->all_warnings);
}

/* --------------------------------------------------------------------- map */

static void put_map(struct text *t, const struct map *m)
{
    static const char *const names[MAP_KINDS] = {
        "stored", "carried", "zero", "unreadable", "never_stored",
    };

    if (!m->known) {
        json_put_null(t, "map");
        return;
    }
    json_open(t, "map", '{');
    json_put_u64(t, "blocks", m->blocks);
    json_put_u64(t, "step", m->step);
    for (int k = 0; k < MAP_KINDS; k++) {
        json_open(t, names[k], '[');
        for (unsigned i = 0; i < m->steps; i++)
            json_put_u64(t, NULL, m->at[i][k]);
        json_close(t, ']');
    }
    json_close(t, '}');
}

static void put_partitions(struct text *t, const struct disk *d)
{
    const struct partition_list *l = &d->partitions;

    put_text(t, "partition_table", l->table);
    put_text(t, "partition_doubt", d->known ? l->doubt : d->why_not);
    json_open(t, "partitions", '[');
    for (size_t i = 0; i < l->count; i++) {
        json_open(t, NULL, '{');
        json_put_u64(t, "number", l->list[i].number);
        json_put_u64(t, "offset", l->list[i].offset);
        json_put_u64(t, "length", l->list[i].length);
        json_put_text(t, "type", l->list[i].type);
        put_text(t, "name", l->list[i].name);
        json_close(t, '}');
    }
    json_close(t, ']');
}

static void put_run(struct text *t, const struct run_record *l)
{
    autotext struct text run = TEXT_INIT;

    summary_json(l, NULL, 0, &run);
    text_add(&run, "}");
    t->failed |= run.failed;
    if (!run.failed)
        json_put_value(t, "run", run.s);
}

/* As far as it is good; what speaks against it is among the findings. */
static void put_custody(struct text *t, const struct custody *c)
{
    if (!c->nlines) {
        json_put_null(t, "custody");
        return;
    }
    json_open(t, "custody", '{');
    custody_json(c, t);
    json_close(t, '}');
}

void report_json(const struct report *r, struct text *t)
{
    char made[CLOCK_TEXT];

    json_open(t, NULL, '{');
    json_put_u64(t, "report", REPORT_JSON_FORM);
    json_put_text(t, "program", "ebsimg " PACKAGE_VERSION);
    json_put_text(t, "build", build_id);
    json_put_text(t, "made", clock_text(made, r->made));
    json_put_text(t, "log", r->papers.v.ev.log_path);
    json_put_u64(t, "log_events", r->log->check.events);
    put_verdict(t, r);
    put_run(t, r->log);
    put_source(t, r);
    put_acquired(t, r);
    put_findings(t, &r->papers.v.found);
    put_custody(t, &r->papers.v.custody);
    put_course(t, &r->story);
    put_map(t, &r->map);
    put_partitions(t, &r->disk);
    json_close(t, '}');
    text_add(t, "\n");
}
