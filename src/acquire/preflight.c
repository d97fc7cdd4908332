/* The questions before the first block: whose keys, which account, what EC2
 * knows of the snapshot, how large the volume is. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/recheck.h"
#include "aws/endpoint.h"
#include "aws/failure.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "show/tell.h"

/* EBS may not know a snapshot for a minute after EC2 calls it completed; one
 * that was completed long ago and is unknown is not there. */
#define NOT_READY_SECONDS 240
#define RECENT_NS (15 * 60 * NS_PER_S)

/* The questions to STS and EC2 can do without an answer. */
#define QUESTION_ATTEMPTS 3

/* A question that is useful but not needed: a refusal is a warning, and so is
 * a service that cannot be reached (a host with a way to EBS alone).  Bad
 * keys and an interrupt are not. */
static int ask(struct acquisition *a, struct call *c, bool *answered,
               const char *without, struct err *e)
{
    char text[1280];

    *answered = aws_wait(a->aws, c, &interrupted, e) == 0;
    if (*answered)
        return 0;
    if (failure_ends(ASKED_OF_THE_TARGET, e))
        return -1;
    snprintf(text, sizeof(text), "%s (%s)", without, e->msg);
    memset(e, 0, sizeof(*e));
    return journal_warning(a, text, e);
}

static int learn_caller(struct acquisition *a, struct call *c, struct err *e)
{
    sts_caller_identity(c);
    if (ask(a, c, &a->caller_known, "whose keys these are is not known", e)
        < 0)
        return err_in(e, "asking whose keys these are");
    if (!a->caller_known)
        return 0;
    if (sts_parse_identity(c->answer->body.s, c->answer->body.len,
                           &a->caller, e) < 0)
        return -1;
    return journal_caller(a, c, e);
}

/* The snapshot that the earlier run read, as far as EC2 can tell. */
static int check_size(const struct acquisition *a, struct err *e)
{
    if (a->resume.on && a->facts.volume_gib
        && a->facts.volume_gib * GIB != a->volume_size)
        return err_set(e, ERR_SOURCE, 0, "%s is not the snapshot that the "
                       "run was begun with: its volume has another size",
                       a->snapshot);
    return 0;
}

static int learn_snapshot(struct acquisition *a, struct call *c,
                          struct err *e)
{
    call_reset(c);
    ec2_describe_snapshot(c, a->snapshot);
    if (ask(a, c, &a->facts_known,
            "EC2 tells nothing about the snapshot: volume, owner and time "
            "stay unknown", e) < 0)
        return err_in(e, "asking EC2 about %s", a->snapshot);
    if (!a->facts_known)
        return 0;
    if (ec2_parse_snapshot(c->answer->body.s, c->answer->body.len, &a->facts,
                           e) < 0
        || journal_snapshot(a, c, e) < 0 || check_size(a, e) < 0)
        return -1;
    return ec2_snapshot_usable(&a->facts, a->snapshot, e);
}

/* ----------------------------------------------- where the blocks come from */

struct origin preflight_origin(const struct acquisition *a)
{
    return (struct origin){
        .partition = endpoint_partition(a->settings.region),
        .region = a->settings.region,
        .endpoint = aws_endpoint(a->aws, AWS_EBS),
        .account = a->caller.account,
        .caller = a->caller.arn,
        .owner = a->facts.owner_id,
        .volume = a->facts.volume_id,
        .start_time = a->facts.start_time,
    };
}

/* Of a run that is gone on with: this part of what is known now against what
 * was known then. */
static int check_part(struct acquisition *a, enum origin_part part,
                      struct origin_look *look, struct err *e)
{
    struct origin now = preflight_origin(a);

    if (!a->resume.on)
        return 0;
    return origin_compare(&a->kept->origin, &now, part, a->opt->other_account,
                          look, e);
}

static int warn_other(struct acquisition *a, const struct origin *now,
                      const struct origin_look *look, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (!look->other)
        return 0;
    text_add(&t, "since the run was begun: ");
    origin_tell_other(&t, &a->kept->origin, now, look);
    return t.failed ? err_nomem(e) : journal_warning(a, t.s, e);
}

static int warn_unknown(struct acquisition *a,
                        const struct origin_look *look, struct err *e)
{
    autotext struct text t = TEXT_INIT;
    autotext struct text names = TEXT_INIT;

    if (!look->unknown)
        return 0;
    origin_tell_unknown(&names, look);
    text_addf(&t, "not known when the run was begun, or not known now, so "
              "that it could not be compared: %s",
              names.failed ? "" : names.s);
    return t.failed || names.failed ? err_nomem(e)
                                    : journal_warning(a, t.s, e);
}

static int tell_origin(struct acquisition *a, const struct origin_look *look,
                       struct err *e)
{
    struct origin now = preflight_origin(a);

    if (!a->resume.on)
        return 0;
    if (journal_origin(a, &now, look, e) < 0
        || warn_other(a, &now, look, e) < 0)
        return -1;
    return warn_unknown(a, look, e);
}

/* -------------------------------------------------------------- questions */

static int ask_questions(struct acquisition *a, struct origin_look *look,
                         struct err *e)
{
    struct call *c = call_new(a->aws, e);
    int r;

    if (!c)
        return -1;
    c->limit = 1 * MIB;
    c->attempts_max = QUESTION_ATTEMPTS;
    r = learn_caller(a, c, e);
    if (r == 0)
        r = check_part(a, ORIGIN_CALLER, look, e);
    if (r == 0)
        r = learn_snapshot(a, c, e);
    if (r == 0)
        r = check_part(a, ORIGIN_SNAPSHOT, look, e);
    call_free(c);
    return r;
}

/* How long to wait for a snapshot that EBS does not know. */
static unsigned patience(const struct acquisition *a)
{
    uint64_t most = a->opt->service.give_up * 4 / 5;
    const char *when = a->facts.completion_time;
    uint64_t completed = when ? clock_parse_iso(when) : 0;

    if (!a->facts_known
        || (completed && a->session > completed + RECENT_NS))
        return 0;
    /* Shorter than --give-up, so that the end names the snapshot. */
    return (unsigned)(most < NOT_READY_SECONDS ? most : NOT_READY_SECONDS);
}

/* The list begins where the run goes on. */
static struct blockmap *make_map(const struct acquisition *a, struct err *e)
{
    const struct checkpoint *at = &a->resume.at;
    struct blockmap *m;

    if (a->resume.on)
        m = blockmap_new(a->volume_size / GIB, e);
    else
        m = blockmap_new(a->facts_known ? a->facts.volume_gib : 0, e);
    if (m)
        blockmap_begin_at(m, (uint32_t)(at->offset / BLOCK_SIZE), at->rows);
    return m;
}

/* Before the blocks are asked for: what is already here, and may not be of
 * this snapshot. */
static int compare_kept(struct acquisition *a, unsigned not_ready_seconds,
                        struct err *e)
{
    if (a->opt->since && since_prepare(a, not_ready_seconds, e) < 0)
        return -1;
    return a->resume.on ? recheck_run(a, e) : 0;
}

int preflight_plan(struct acquisition *a, struct err *e)
{
    struct fetch_config c = {
        .aws = a->aws,
        .snapshot = a->snapshot,
        .start = a->resume.at.offset,
        .slots = a->budget.slots,
        .connections = (unsigned)a->opt->service.connections,
        .zero_unreadable = a->opt->on_unreadable == 1,
        .not_ready_seconds = patience(a),
        .clock = a->clock,
        .unreadable = journal_unreadable,
        .late = journal_late,
        .ctx = a,
    };

    if (compare_kept(a, c.not_ready_seconds, e) < 0)
        return -1;
    since_configure(&a->since, &c);
    a->map = make_map(a, e);
    if (!a->map)
        return -1;
    c.map = a->map;
    a->source = fetch_new(&c, e);
    if (!a->source || fetch_plan(a->source, &interrupted, e) < 0)
        return -1;
    a->volume_size = blockmap_volume_size(a->map);
    return journal_source(a, e);
}

static int note_settings(struct acquisition *a, struct err *e)
{
    for (size_t i = 0; i < a->settings.nnotes; i++)
        if (journal_warning(a, a->settings.notes[i].msg, e) < 0)
            return -1;
    return 0;
}

/* The owner of the account sees the case in CloudTrail, as the name of the
 * role's session: what such a name may not have becomes -. */
static void name_session(struct acquisition *a)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz"
                               "0123456789_+=,.@-";

    if (a->opt->case_number)
        snprintf(a->role_session, sizeof(a->role_session), "ebsimg-%s",
                 a->opt->case_number);
    for (char *c = a->role_session; *c; c++)
        if (!strchr(good, *c))
            *c = '-';
}

static struct aws *open_service(struct acquisition *a, struct err *e)
{
    const struct service_hooks hooks = {
        .event = journal_aws_event,
        .keys = journal_newer_keys,
        .note = journal_note,
        .ctx = a,
    };
    struct service_options o = a->opt->service;

    name_session(a);
    if (a->role_session[0])
        o.session_name = a->role_session;
    return service_aws(&o, &a->settings, &hooks, e);
}

/* Whose keys read the evidence, before the first block; a program that reads
 * the progress finds it in the log. */
static void tell_identity(const struct acquisition *a)
{
    const struct credentials *c = &a->settings.credentials;
    char end[CLOCK_TEXT];

    if (a->opt->progress == PROGRESS_JSON)
        return;
    tell_note("keys: %s%s%s%s%s%s", c->source,
              a->caller_known ? ", of " : "",
              a->caller_known ? a->caller.arn : "",
              c->expires ? ", until " : "",
              c->expires ? clock_text(end, c->expires) : "",
              !c->expires ? "" : identity_renews(a->settings.identity)
              ? ", renewed in time" : ", and cannot be renewed");
}

int preflight_run(struct acquisition *a, struct err *e)
{
    struct origin_look look = { 0 };

    a->aws = open_service(a, e);
    if (!a->aws || journal_credentials(a, e) < 0
        || note_settings(a, e) < 0
        || check_part(a, ORIGIN_SERVICE, &look, e) < 0
        || ask_questions(a, &look, e) < 0)
        return -1;
    tell_identity(a);
    return tell_origin(a, &look, e);
}

void preflight_rest(struct acquisition *a)
{
    if (a->settings.identity)
        identity_stop(a->settings.identity);
}

void preflight_free(struct acquisition *a)
{
    fetch_free(a->source);
    blockmap_free(a->map);
    since_free(&a->since);
    aws_free(a->aws);
    ec2_snapshot_free(&a->facts);
    sts_identity_free(&a->caller);
    settings_free(&a->settings);
}
