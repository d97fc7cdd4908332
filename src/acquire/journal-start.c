/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/journal-start.h"

#include <inttypes.h>
#include <string.h>

#include "acquire/host.h"
#include "acquire/recipe-options.h"
#include "audit/run-record.h"
#include "audit/summary.h"
#include "base/scope.h"
#include "base/text.h"
#include "show/tell.h"

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
static void add_version(struct journal *j, struct record *r)
{
    host_record(r);
    record_u64(r, "summary", SUMMARY_FORM);
    log_tell_clock(j->log);
}

int journal_start(struct journal *j, const char *snapshot, struct err *e)
{
    const struct acquire_options *o = j->opt;
    autorecord struct record r = RECORD_INIT;

    add_version(j, &r);
    record_str(&r, "snapshot", snapshot);
    add_optional(&r, "chosen", o->chosen);
    add_set(&r, "formats", o->formats, format_words, FORMATS);
    add_set(&r, "hashes", o->hashes, hash_names, HASH_KINDS);
    add_set(&r, "file_hashes", acquire_file_hashes(o), hash_names,
            HASH_KINDS);
    add_service_options(&r, o);
    add_optional(&r, "since", o->since);
    if (o->since)
        recipe_add_count(&r, "audit", o->audit);
    add_optional(&r, "cache", o->cache);
    add_optional(&r, "case_number", o->case_number);
    add_optional(&r, "evidence_number", o->evidence_number);
    add_optional(&r, "examiner", o->examiner);
    add_optional(&r, "description", o->description);
    add_optional(&r, "notes", o->notes);
    return log_write(j->log, "start", &r, e);
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

static void warn_going_back(const struct resuming *s)
{
    if (s->passed_over)
        tell_warning("going back to byte %" PRIu64 ": %s", s->at.offset,
                     s->reason);
}

int journal_resume(struct journal *j, const char *snapshot,
                   const struct resuming *s, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    add_version(j, &r);
    record_str(&r, "snapshot", snapshot);
    record_u64(&r, "session", s->sessions + 1);
    record_str(&r, "begun_by", j->begun_by);
    record_u64(&r, "previous_events", s->log.events);
    record_hex(&r, "previous_head", s->log.head, LOG_HASH);
    record_u64(&r, "log_bytes_cut", s->log_cut);
    add_place(&r, s);
    add_service_options(&r, j->opt);
    recipe_add_count(&r, "recheck", j->opt->recheck);
    if (j->opt->since)
        recipe_add_count(&r, "audit", j->opt->audit);
    warn_going_back(s);
    return log_write(j->log, "resume", &r, e);
}

int journal_rewind(struct journal *j, const struct resuming *s,
                   struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    add_place(&r, s);
    warn_going_back(s);
    return log_write(j->log, "rewind", &r, e);
}

int journal_readback(struct journal *j, const char *name, uint64_t bytes,
                     uint64_t began, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "name", name);
    record_u64(&r, "bytes", bytes);
    record_u64(&r, "milliseconds",
               (clock_monotonic(j->clock) - began) / NS_PER_MS);
    return log_write(j->log, "readback", &r, e);
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

static void warn_of_others(const struct outputs *o, bool others)
{
    if (others)
        tell_warning("other users may write in the folder of %s: they can "
                     "remove or replace its files when they have their names",
                     o->prefix);
}

int journal_folder(struct journal *j, const struct outputs *o, struct err *e)
{
    const struct filesystem *fs = stage_filesystem(o->stage);
    autofree char *lacks = lacks_of(fs);
    autorecord struct record r = RECORD_INIT;
    bool others = stage_others_may_write(o->stage);

    if (!lacks)
        return err_nomem(e);
    record_str(&r, "filesystem", fs->name);
    record_bool(&r, "others_may_write", others);
    record_json(&r, "not_had", lacks);
    warn_of_others(o, others);
    return log_write(j->log, "folder", &r, e);
}

int journal_output(struct journal *j, const struct outputs *o,
                   const struct budget *b, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "prefix", o->prefix);
    add_set(&r, "formats", j->opt->formats, format_words, FORMATS);
    if (o->chunk_size)
        record_u64(&r, "chunk_size", o->chunk_size);
    if (j->opt->streamed)
        record_str(&r, "image", RUN_STANDARD_OUTPUT);
    record_u64(&r, "segment_size", j->opt->segment_size);
    record_u64(&r, "slots", b->slots);
    record_u64(&r, "threads", b->threads);
    record_u64(&r, "memory", b->memory);
    return log_write(j->log, "output", &r, e);
}
