/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/journal-end.h"

#include "acquire/clockwatch.h"
#include "audit/artefacts.h"
#include "audit/reserves.h"
#include "base/file.h"
#include "image/raw.h"

static int write_list(struct journal *j, const struct origin *o,
                      const struct controls *c, struct err *e)
{
    enum control_result again = c->of[CONTROL_SECOND_LIST].result;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "blocks", blockmap_listed(o->map));
    record_u64(&r, "pages", blockmap_pages(o->map));
    if (o->facts.full_size.told)
        record_u64(&r, "ec2_blocks", o->facts.full_size.value / BLOCK_SIZE);
    if (again != CONTROL_NOT_HAD)
        record_bool(&r, "listed_again_the_same", again == CONTROL_DONE);
    return log_write(j->log, "list", &r, e);
}

static int write_files(struct journal *j, const struct outputs *o,
                       struct err *e)
{
    for (size_t i = 0; i < o->nfiles; i++) {
        const struct output_file *f = &o->files[i];
        autorecord struct record r = RECORD_INIT;

        record_str(&r, "name", f->name);
        record_u64(&r, "size", f->size);
        record_u64(&r, "allocated", f->allocated);
        record_hashes(&r, &f->hashes);
        if (log_write(j->log, "file", &r, e) < 0)
            return -1;
    }
    return 0;
}

static int write_manifest(struct journal *j, const struct ledger *l,
                          bool built_upon, struct err *e)
{
    const struct ledger_counts *c = &l->counts;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "rows", c->stored + c->zero + c->unreadable);
    record_u64(&r, "stored", c->stored);
    record_u64(&r, "stored_zero", c->zero);
    record_u64(&r, "unreadable", c->unreadable);
    record_u64(&r, "never_stored", c->hole_bytes / BLOCK_SIZE);
    if (built_upon || c->carried)
        record_u64(&r, "carried", c->carried);
    if (c->cached)
        record_u64(&r, "cached", c->cached);
    record_hex(&r, "sha256", l->file, MANIFEST_HASH);
    record_hex(&r, "root", l->root, MANIFEST_HASH);
    return log_write(j->log, "manifest", &r, e);
}

/* How the blocks of the earlier image came into the raw one. */
static int write_shared(struct acquisition *a, struct err *e)
{
    const struct since *s = &a->since;
    autorecord struct record r = RECORD_INIT;
    const char *why = s->share ? raw_share_refusal(s->share)
        : a->resume.on ? "the run was gone on with"
        : "the earlier image is no raw file in one piece";

    if (!s->used || !formats_any(a->opt->formats, FORMAT_SHARING))
        return 0;
    if (s->share && a->opt->segment_size)
        why = "the raw image is in pieces";
    if (a->opt->streamed)
        why = "the image went to standard output";
    record_u64(&r, "blocks", s->share ? raw_share_count(s->share) : 0);
    if (why)
        record_str(&r, "why_not", why);
    return log_write(a->journal.log, "shared", &r, e);
}

static int write_medium(struct journal *j, const struct kind *k,
                        struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "kind", kind_word(k));
    record_str(&r, "because", k->because);
    if (k->doubt[0])
        record_str(&r, "doubt", k->doubt);
    return log_write(j->log, "medium", &r, e);
}

int journal_results(struct acquisition *a, struct err *e)
{
    struct journal *j = &a->journal;
    autorecord struct record r = RECORD_INIT;

    record_hashes(&r, &a->result.stream);
    record_u64(&r, "bytes", a->origin.volume_size);
    if (write_list(j, &a->origin, &a->result.controls, e) < 0
        || write_files(j, &a->outputs, e) < 0
        || write_manifest(j, &a->outputs.ledger, a->since.used, e) < 0
        || write_shared(a, e) < 0
        || write_medium(j, &a->outputs.kind, e) < 0)
        return -1;
    return log_write(j->log, "hashes", &r, e);
}

static int write_control(struct journal *j, const struct controls *c,
                         enum control which, struct err *e)
{
    const struct control_state *s = &c->of[which];
    enum control other = controls_stand_in(c, which);
    enum outcome reserve = controls_reserve(c, which);
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "name", control_name(which));
    record_str(&r, "compares", control_compares(which));
    record_str(&r, "result", control_result_name(s->result));
    if (s->why[0])
        record_str(&r, "why", s->why);
    if (other != CONTROL_NONE)
        record_str(&r, "stood_in_by", control_name(other));
    if (reserve != OUTCOME_COMPLETE)
        record_str(&r, "reserve", outcome_name(reserve));
    return log_write(j->log, "control", &r, e);
}

int journal_controls(struct journal *j, const struct controls *c,
                     struct err *e)
{
    for (int i = 0; i < CONTROLS; i++)
        if (write_control(j, c, (enum control)i, e) < 0)
            return -1;
    return 0;
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

/* A session that died told how long it took in its last `progress'. */
static void add_duration(const struct journal *j, const struct spent *earlier,
                         struct record *r)
{
    uint64_t ms = span_ns(&j->span) / NS_PER_MS;

    record_u64(r, "milliseconds", ms);
    record_u64(r, "run_milliseconds", earlier->before + ms);
    if (earlier->died)
        record_u64(r, "sessions_died", earlier->died);
    if (!j->clock_sets)
        return;
    record_u64(r, "clock_sets", j->clock_sets);
    record_i64(r, "clock_set_seconds", j->clock_set_s);
}

/* Its name and no more: the seal holds the digest of this log. */
static void add_seal(struct record *r, const char *prefix)
{
    autotext struct text name = TEXT_INIT;

    text_add(&name, file_name(prefix));
    text_add(&name, SEAL_SUFFIX);
    record_str(r, "seal", name.failed ? "" : name.s);
    r->json.failed |= name.failed;
}

int journal_end(struct acquisition *a, const struct err *why, struct err *e)
{
    enum outcome o = a->result.outcome;
    autorecord struct record r = RECORD_INIT;
    struct aws_counts c = { 0 };

    if (clockwatch_look(&a->journal, e) < 0)
        return -1;
    if (a->origin.aws)
        aws_counts(a->origin.aws, &c);
    record_str(&r, "verdict", outcome_name(o));
    record_u64(&r, "exit_status", (uint64_t)outcome_status(o, why));
    if (why->kind != ERR_NONE)
        add_reason(&r, why);
    else
        reserves_record(&r, controls_reserves(&a->result.controls));
    if (why->kind == ERR_NONE && a->opt->seal_wanted)
        add_seal(&r, a->outputs.prefix);
    record_u64(&r, "requests", c.requests);
    record_u64(&r, "retries", c.retries);
    record_u64(&r, "throttled", c.throttled);
    add_duration(&a->journal, &a->resume.spent, &r);
    if (log_write(a->journal.log, "end", &r, e) < 0)
        return -1;
    log_place(a->journal.log, &a->result.log_end);
    return 0;
}
