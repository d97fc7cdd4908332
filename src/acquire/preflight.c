/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/preflight.h"

#include <stdio.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/journal-origin.h"
#include "acquire/journal-way.h"
#include "aws/failure.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "fetch/service.h"
#include "show/progress.h"
#include "show/tell.h"

/* The questions to STS and EC2 can do without an answer. */
#define QUESTION_ATTEMPTS 3

/* A question that is useful but not needed: a refusal is a warning, and so is
 * a service that cannot be reached (a host with a way to EBS alone).  Bad
 * keys and an interrupt are not. */
static int ask(struct acquisition *a, struct call *c, bool *answered,
               const char *without, struct err *e)
{
    char text[1280];

    *answered = aws_wait(a->origin.aws, c, &interrupted, e) == 0;
    if (*answered)
        return 0;
    if (failure_ends(ASKED_OF_THE_TARGET, e))
        return -1;
    snprintf(text, sizeof(text), "%s (%s)", without, e->msg);
    memset(e, 0, sizeof(*e));
    return journal_warning(&a->journal, text, e);
}

static int learn_caller(struct acquisition *a, struct call *c, struct err *e)
{
    struct origin *o = &a->origin;

    sts_caller_identity(c);
    if (ask(a, c, &o->caller_known, "whose keys these are is not known", e)
        < 0)
        return err_in(e, "asking whose keys these are");
    if (!o->caller_known)
        return 0;
    if (sts_parse_identity(c->answer->body.s, c->answer->body.len,
                           &o->caller, e) < 0)
        return -1;
    return journal_caller(&a->journal, o, c, e);
}

/* The snapshot that the earlier run read, as far as EC2 can tell. */
static int check_size(const struct acquisition *a, struct err *e)
{
    const struct origin *o = &a->origin;

    if (a->resume.on && o->facts.volume_gib
        && o->facts.volume_gib * GIB != o->volume_size)
        return err_set(e, ERR_SOURCE, 0, "%s is not the snapshot that the "
                       "run was begun with: its volume has another size",
                       o->snapshot);
    return 0;
}

static int learn_snapshot(struct acquisition *a, struct call *c,
                          struct err *e)
{
    struct origin *o = &a->origin;

    call_reset(c);
    ec2_describe_snapshot(c, o->snapshot);
    if (ask(a, c, &o->facts_known,
            "EC2 tells nothing about the snapshot: volume, owner and time "
            "stay unknown", e) < 0)
        return err_in(e, "asking EC2 about %s", o->snapshot);
    if (!o->facts_known)
        return 0;
    if (ec2_parse_snapshot(c->answer->body.s, c->answer->body.len, &o->facts,
                           e) < 0)
        return err_in(e, "asking EC2 about %s", o->snapshot);
    if (journal_snapshot(&a->journal, o, c, e) < 0 || check_size(a, e) < 0)
        return -1;
    return ec2_snapshot_usable(&o->facts, o->snapshot, e);
}

/* ----------------------------------------------- where the blocks come from */

/* Of a run that is gone on with: this part of what is known now against what
 * was known then. */
static int check_part(struct acquisition *a, enum origin_part part,
                      struct origin_look *look, struct err *e)
{
    struct origin_facts now = origin_facts(&a->origin);

    if (!a->resume.on)
        return 0;
    return origin_compare(&a->resume.kept->origin, &now, part,
                          a->opt->other_account, look, e);
}

static int warn_other(struct acquisition *a, const struct origin_facts *now,
                      const struct origin_look *look, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (!look->other)
        return 0;
    text_add(&t, "since the run was begun: ");
    origin_tell_other(&t, &a->resume.kept->origin, now, look);
    return t.failed ? err_nomem(e) : journal_warning(&a->journal, t.s, e);
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
                                    : journal_warning(&a->journal, t.s, e);
}

static int tell_origin(struct acquisition *a, const struct origin_look *look,
                       struct err *e)
{
    struct origin_facts now = origin_facts(&a->origin);

    if (!a->resume.on)
        return 0;
    if (journal_origin(&a->journal, &a->resume.kept->origin, &now, look, e) < 0
        || warn_other(a, &now, look, e) < 0)
        return -1;
    return warn_unknown(a, look, e);
}

/* -------------------------------------------------------------- questions */

static int ask_questions(struct acquisition *a, struct origin_look *look,
                         struct err *e)
{
    struct call *c = call_new(a->origin.aws, e);
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

static int note_settings(struct acquisition *a, struct err *e)
{
    const struct origin *o = &a->origin;

    for (size_t i = 0; i < o->settings.nnotes; i++)
        if (journal_warning(&a->journal, o->settings.notes[i].msg, e) < 0)
            return -1;
    return 0;
}

static struct aws *open_service(struct acquisition *a, struct err *e)
{
    const struct service_hooks hooks = {
        .event = journal_aws_event,
        .list = journal_list_answer,
        .keys = journal_newer_keys,
        .note = journal_note,
        .ctx = &a->journal,
    };
    struct service_options so = a->opt->service;
    struct origin *o = &a->origin;

    so.case_number = a->opt->case_number;
    return service_aws(&so, &o->settings, &hooks, e);
}

/* Whose keys read the evidence, before the first block; a program that reads
 * the progress finds it in the log. */
static void tell_identity(const struct acquisition *a)
{
    const struct origin *o = &a->origin;
    const struct credentials *c = &o->settings.credentials;
    char end[CLOCK_TEXT];

    if (a->opt->progress == PROGRESS_JSON)
        return;
    tell_note("keys: %s%s%s%s%s%s", c->source,
              o->caller_known ? ", of " : "",
              o->caller_known ? o->caller.arn : "",
              c->expires ? ", until " : "",
              c->expires ? clock_text(end, c->expires) : "",
              !c->expires ? "" : identity_renews(o->settings.identity)
              ? ", renewed in time" : ", and cannot be renewed");
}

int preflight_run(struct acquisition *a, struct err *e)
{
    struct origin_look look = { 0 };

    a->origin.aws = open_service(a, e);
    if (!a->origin.aws || journal_credentials(&a->journal, &a->origin, e) < 0
        || note_settings(a, e) < 0
        || check_part(a, ORIGIN_SERVICE, &look, e) < 0
        || ask_questions(a, &look, e) < 0)
        return -1;
    tell_identity(a);
    return tell_origin(a, &look, e);
}
