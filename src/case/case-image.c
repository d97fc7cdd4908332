/* SPDX-License-Identifier: Apache-2.0 */
/* What became of an image: its event of the case log. */
#include "case/case-log.h"

#include <string.h>

#include "audit/evidence.h"
#include "audit/outcome.h"
#include "audit/reserves.h"

static uint64_t fetched(const struct ledger_counts *n)
{
    return n->stored + n->zero - n->carried - n->cached;
}

void case_count(struct case_member *m, const struct result *res)
{
    m->counted = true;
    m->fetched = fetched(&res->counts) + res->audited;
    m->carried = res->counts.carried;
}

static void note_result(struct case_member *m, const struct result *res,
                        enum outcome outcome, int status)
{
    m->status = status;
    m->outcome = outcome;
    m->reserves = 0;
    if (outcome == OUTCOME_FAILED || outcome == OUTCOME_INTERRUPTED)
        return;
    m->reserves = controls_reserves(&res->controls);
    case_count(m, res);
}

/* Nothing when there are none. */
static void add_reserves(struct record *r, const struct case_member *m)
{
    if (m->reserves)
        reserves_record(r, m->reserves);
}

static void add_result(struct record *r, const struct result *res)
{
    record_hex(r, "log_head", res->log_end.head, LOG_HASH);
    record_hex(r, "manifest_sha256", res->manifest, MANIFEST_HASH);
    record_hex(r, "manifest_root", res->root, MANIFEST_HASH);
    record_hashes(r, &res->stream);
    record_bool(r, "in_full", !res->built_upon);
    record_u64(r, "carried", res->counts.carried);
    record_u64(r, "fetched", fetched(&res->counts));
    record_u64(r, "audited", res->audited);
}

static int write_image(struct case_log *c, const struct record *r,
                       struct err *e)
{
    if (log_write(c->log, "image", r, e) < 0)
        return -1;
    return log_sync(c->log, e);
}

int case_write_image(struct case_log *c, struct case_member *m,
                     const char *prefix, const struct result *res,
                     const struct err *why, struct err *e)
{
    enum outcome outcome = why->kind == ERR_NONE ? res->outcome
                                                 : outcome_of_failure(why);
    autorecord struct record r = RECORD_INIT;

    note_result(m, res, outcome, outcome_status(outcome, why));
    record_str(&r, "snapshot", m->snapshot);
    record_str(&r, "prefix", prefix);
    if (res->since[0])
        record_str(&r, "since", res->since);
    record_str(&r, "verdict", outcome_name(outcome));
    record_u64(&r, "exit_status", (uint64_t)m->status);
    add_reserves(&r, m);
    if (why->kind == ERR_NONE)
        add_result(&r, res);
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
        || m->outcome == OUTCOME_INTERRUPTED
        || reserves_read(l->reserves, &m->reserves) < 0)
        return err_set(e, ERR_VERIFY, 0, "its log does not say that it is "
                       "complete");
    if (strcmp(l->snapshot, m->snapshot) != 0)
        return err_set(e, ERR_VERIFY, 0, "it is of %s", l->snapshot);
    m->status = outcome_status(m->outcome, &none);
    return 0;
}

static int write_found(struct case_log *c, const struct case_member *m,
                       const char *prefix, const struct run_record *l,
                       struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "snapshot", l->snapshot);
    record_str(&r, "prefix", prefix);
    record_str(&r, "verdict", l->verdict);
    record_u64(&r, "exit_status", (uint64_t)m->status);
    add_reserves(&r, m);
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
        r = write_found(c, m, prefix, &ev.log, e);
    else
        err_in(e, "the image %s", prefix);
    evidence_free(&ev);
    return r;
}
