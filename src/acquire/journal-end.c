/* The events of an acquisition's log at its end: what was listed, what was
 * written, how it ended. */
#include "acquire/acquisition.h"
#include "image/raw.h"

static int write_list(struct acquisition *a, struct err *e)
{
    enum control_result again = a->controls.of[CONTROL_SECOND_LIST].result;
    autorecord struct record r = RECORD_INIT;

    record_u64(&r, "blocks", blockmap_listed(a->map));
    record_u64(&r, "pages", blockmap_pages(a->map));
    if (a->facts.full_size.told)
        record_u64(&r, "ec2_blocks", a->facts.full_size.value / BLOCK_SIZE);
    if (again != CONTROL_NOT_HAD)
        record_bool(&r, "listed_again_the_same", again == CONTROL_DONE);
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
        record_hashes(&r, &f->hashes);
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
    if (a->since.used || c->carried)
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
        : a->resume.on ? "the run was gone on with"
        : "the earlier image is no raw file in one piece";

    if (!s->used || !formats_any(a->opt->formats, FORMAT_SHARING))
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

    record_hashes(&r, &a->stream);
    record_u64(&r, "bytes", a->volume_size);
    if (write_list(a, e) < 0 || write_files(a, e) < 0
        || write_manifest(a, e) < 0 || write_shared(a, e) < 0)
        return -1;
    return log_write(a->log, "hashes", &r, e);
}

static int write_control(struct acquisition *a, enum control which,
                         struct err *e)
{
    const struct control_state *s = &a->controls.of[which];
    enum control other = controls_stand_in(&a->controls, which);
    enum outcome reserve = controls_reserve(&a->controls, which);
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
    return log_write(a->log, "control", &r, e);
}

int journal_controls(struct acquisition *a, struct err *e)
{
    for (int i = 0; i < CONTROLS; i++)
        if (write_control(a, (enum control)i, e) < 0)
            return -1;
    return 0;
}

/* The worst first; it is the verdict, too. */
static void add_reserves(struct record *r, const struct controls *c)
{
    unsigned all = controls_reserves(c);
    autotext struct text t = TEXT_INIT;

    for (int o = OUTCOME_DOUBT; o > OUTCOME_COMPLETE; o--) {
        if (!(all & OUTCOME_BIT(o)))
            continue;
        text_add(&t, t.len ? "," : "[");
        text_add_json(&t, outcome_name((enum outcome)o));
    }
    text_add(&t, t.len ? "]" : "[]");
    record_json(r, "reserves", t.failed ? "null" : t.s);
    r->json.failed |= t.failed;
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
static void add_duration(struct acquisition *a, struct record *r)
{
    uint64_t ms = span_ns(&a->span) / NS_PER_MS;

    a->run_ms = a->resume.spent.before + ms;
    record_u64(r, "milliseconds", ms);
    record_u64(r, "run_milliseconds", a->run_ms);
    if (a->resume.spent.died)
        record_u64(r, "sessions_died", a->resume.spent.died);
    if (!a->clock_sets)
        return;
    record_u64(r, "clock_sets", a->clock_sets);
    record_i64(r, "clock_set_seconds", a->clock_set_s);
}

int journal_end(struct acquisition *a, const struct err *why, struct err *e)
{
    autorecord struct record r = RECORD_INIT;
    struct aws_counts c = { 0 };

    if (clockwatch_look(a, e) < 0)
        return -1;
    a->ended = clock_wall(a->clock);
    if (a->aws)
        aws_counts(a->aws, &c);
    record_str(&r, "verdict", outcome_name(a->outcome));
    record_u64(&r, "exit_status", (uint64_t)outcome_status(a->outcome, why));
    if (why->kind != ERR_NONE)
        add_reason(&r, why);
    else
        add_reserves(&r, &a->controls);
    record_u64(&r, "requests", c.requests);
    record_u64(&r, "retries", c.retries);
    record_u64(&r, "throttled", c.throttled);
    add_duration(a, &r);
    if (log_write(a->log, "end", &r, e) < 0)
        return -1;
    log_place(a->log, &a->log_end);
    return 0;
}
