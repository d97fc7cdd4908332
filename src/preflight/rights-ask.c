/* SPDX-License-Identifier: Apache-2.0 */
/* Tries the rights of a command, each by the call that its probe names. */
#include <inttypes.h>
#include <stdio.h>

#include "aws/failure.h"
#include "aws/verdict.h"
#include "base/resource.h"
#include "base/text.h"
#include "ebs/ec2-create.h"
#include "ebs/ec2-request.h"
#include "preflight/preflight-private.h"
#include "preflight/right.h"

#define ATTEMPTS 3

int preflight_question(struct preflight *p,
                       int (*take)(void *ctx, const struct call *c,
                                   struct err *e),
                       void *ctx, struct err *why, struct err *e)
{
    struct call *c = p->service.call;
    int r;

    *why = (struct err)ERR_INIT;
    c->attempts_max = ATTEMPTS;
    p->asked[c->service] = true;
    r = service_ask(&p->service, take, ctx, why);
    p->answered[c->service] |= r == 0 || why->meaning != MEANS_NOTHING;
    snprintf(p->tls[c->service], sizeof(p->tls[0]), "%s", c->answer->tls);
    if (r == 0)
        return 0;
    if (!failure_ends(ASKED_AS_USEFUL, why))
        return 1;
    *e = *why;
    return -1;
}

/* ---------------------------------------------------------------- one row */

static void add_remedy(const struct preflight *p, const char *id,
                       struct text *t)
{
    const struct policy_wish *w = p->wish;

    text_addf(t, "have it allowed: `ebsimg policy %s", w->command->name);
    for (size_t i = 0; !id && i < w->targets.count; i++)
        text_addf(t, " %s", w->targets.at[i]);
    text_addf(t, "%s%s' prints the policy", id ? " " : "", id ? id : "");
}

int right_add(struct preflight *p, const struct right_row *row, const char *id,
              enum check_answer answer, const char *says,
              enum err_kind kind, struct err *e)
{
    const struct check k = {
        .part = PART_RIGHT,
        .need = row->need,
        .answer = answer,
        .name = row->probe->right,
        .target = id,
        .needed_for = row->probe->needed_for,
        .kind = kind,
    };
    autotext struct text remedy = TEXT_INIT;

    if (answer == CHECK_NO)
        add_remedy(p, id, &remedy);
    return remedy.failed ? err_nomem(e)
                         : checks_add(&p->checks, &k, says, remedy.s, e);
}

int right_add_failure(struct preflight *p, const struct right_row *row,
                      const char *id, const struct err *why, struct err *e)
{
    return right_add(p, row, id, probe_judge(why),
                     why->meaning == MEANS_ALLOWED ? "allowed, as EC2 says to "
                     "DryRun" : why->msg, why->kind, e);
}

/* ------------------------------------------------------------ STS and EC2 */

static int take_identity(void *ctx, const struct call *c, struct err *e)
{
    struct preflight *p = ctx;
    const struct text *body = &c->answer->body;

    sts_identity_free(&p->caller);
    return sts_parse_identity(body->s ? body->s : "", body->len, &p->caller,
                              e);
}

static int try_identity(struct preflight *p, const struct right_row *row,
                        struct err *e)
{
    struct err why;
    int r;

    sts_caller_identity(p->service.call);
    r = preflight_question(p, take_identity, p, &why, e);
    if (r != 0)
        return r < 0 ? -1 : right_add_failure(p, row, NULL, &why, e);
    return right_add(p, row, NULL, CHECK_YES, p->caller.arn, ERR_NONE, e);
}

static int take_nothing(void *ctx, const struct call *c, struct err *e)
{
    (void)ctx;
    (void)c;
    (void)e;
    return 0;
}

static int try_dry(struct preflight *p, const struct right_row *row,
                   const char *id, struct err *e)
{
    struct call *c = p->service.call;
    struct err why;
    int r;

    ec2_begin(c, probe_action(row->probe->right));
    if (id) {
        call_form(c, "Attribute", "createVolumePermission");
        call_form(c, "SnapshotId", id);
    }
    call_form(c, "DryRun", "true");
    r = preflight_question(p, take_nothing, NULL, &why, e);
    if (r != 0)
        return r < 0 ? -1 : right_add_failure(p, row, id, &why, e);
    return right_add(p, row, id, CHECK_YES, "answered", ERR_NONE, e);
}

static int ask_dry(struct preflight *p, const struct right_row *row,
                   const char *id, struct err *e)
{
    struct err why;
    int r;

    call_form(p->service.call, "DryRun", "true");
    r = preflight_question(p, take_nothing, NULL, &why, e);
    if (r < 0)
        return -1;
    return r > 0 ? right_add_failure(p, row, id, &why, e)
        : right_add(p, row, id, CHECK_UNKNOWN, "the service took the question "
                    "for an order, in spite of DryRun: look what it has made",
                    ERR_SERVICE, e);
}

/* Whether it may be tagged when it is made is asked with it. */
static int try_make(struct preflight *p, const struct right_row *row,
                    struct err *e)
{
    const struct policy_names *names = &p->wish->targets;
    const struct ec2_label label = { "ebsimg-request", "preflight" };

    for (size_t i = 0; i < names->count; i++) {
        const char *id = names->at[i];
        bool instance = resource_kind(id) == RESOURCE_INSTANCE;
        const struct ec2_order order = {
            .volume = instance ? NULL : id,
            .instance = instance ? id : NULL,
            .labels = &label,
            .nlabels = 1,
        };

        if (instance != text_ends_with(row->probe->right, "Snapshots"))
            continue;
        ec2_create(p->service.call, &order);
        if (ask_dry(p, row, id, e) < 0)
            return -1;
    }
    return 0;
}

static int take_snapshot(void *ctx, const struct call *c, struct err *e)
{
    struct subject *s = ctx;
    const struct text *body = &c->answer->body;

    ec2_snapshot_free(&s->facts);
    return ec2_parse_snapshot(body->s ? body->s : "", body->len, &s->facts,
                              e);
}

static int add_snapshot(struct preflight *p, const struct subject *s,
                        const struct err *why, struct err *e)
{
    const struct ec2_snapshot *f = &s->facts;
    struct check k = {
        .part = PART_SNAPSHOT,
        .need = NEED_TO_RUN,
        .name = "the snapshot",
        .target = s->id,
        .needed_for = "all of it",
    };
    struct err wrong = *why;
    autotext struct text says = TEXT_INIT;

    if (s->known && ec2_snapshot_usable(f, s->id, &wrong) == 0) {
        text_addf(&says, "%s, %" PRIu64 " GiB, %s", f->status, f->volume_gib,
                  f->encrypted.value ? "encrypted" : "not encrypted");
        return says.failed ? err_nomem(e)
                           : checks_add(&p->checks, &k, says.s, NULL, e);
    }
    k.answer = CHECK_NO;
    k.kind = wrong.kind;
    return checks_add(&p->checks, &k, wrong.msg, "name one that can be read: "
                      "`ebsimg list' shows which there are", e);
}

static int try_snapshot(struct preflight *p, const struct right_row *row,
                        struct subject *s, struct err *e)
{
    struct err why;
    int r;

    ec2_describe_snapshot(p->service.call, s->id);
    r = preflight_question(p, take_snapshot, s, &why, e);
    s->known = r == 0;
    if (r < 0)
        return -1;
    if (r > 0 && why.meaning != MEANS_GONE)
        return right_add_failure(p, row, s->id, &why, e);
    if (right_add(p, row, s->id, CHECK_YES, "answered", ERR_NONE, e) < 0)
        return -1;
    return add_snapshot(p, s, &why, e);
}

/* -------------------------------------------------------------------- all */

static int try_each(struct preflight *p, const struct right_row *row,
                    int (*try)(struct preflight *, const struct right_row *,
                               struct subject *, struct err *),
                    struct err *e)
{
    for (size_t i = 0; i < p->n; i++)
        if (try(p, row, &p->subjects[i], e) < 0)
            return -1;
    return 0;
}

static int try_right(struct preflight *p, const struct right_row *row,
                     struct err *e)
{
    static int (*const ways[])(struct preflight *, const struct right_row *,
                               struct subject *, struct err *) = {
        [PROBE_SNAPSHOT] = try_snapshot,
        [PROBE_LIST] = right_try_list,
        [PROBE_BLOCK] = right_try_block,
        [PROBE_CHANGED] = right_try_changed,
        [PROBE_KEY] = right_try_key,
    };

    switch (row->probe->way) {
    case PROBE_IDENTITY:
        return try_identity(p, row, e);
    case PROBE_DRY:
        return try_dry(p, row, NULL, e);
    case PROBE_MAKE:
        return try_make(p, row, e);
    case PROBE_TAG:
        return right_add(p, row, NULL, CHECK_SPARED, "asked with the call that "
                         "makes them: its tag is part of the question",
                         ERR_NONE, e);
    case PROBE_SHARING:
        return p->n ? try_dry(p, row, p->subjects[0].id, e)
            : right_add(p, row, NULL, CHECK_UNKNOWN, "not asked: it is asked "
                        "of a snapshot, and none is named", ERR_NONE, e);
    case PROBE_SNAPSHOT:
        return p->n ? try_each(p, row, try_snapshot, e)
            : try_dry(p, row, NULL, e);
    default:
        return try_each(p, row, ways[row->probe->way], e);
    }
}

static int try_way(struct preflight *p, enum probe_way way, struct err *e)
{
    const struct rights_command *c = p->wish->command;
    unsigned named = policy_named(p->wish);

    for (size_t i = 0; i < rights_rows; i++) {
        const struct rights_row *r = &rights_table[i];
        struct right_row row = { probe_find(r->right),
                           rights_used(r, c, named, true) ? NEED_TO_RUN
                                                          : NEED_USEFUL };

        if (rights_used(r, c, named, false) && row.probe
            && row.probe->way == way && try_right(p, &row, e) < 0)
            return -1;
    }
    return 0;
}

int preflight_rights(struct preflight *p, struct err *e)
{
    for (int way = 0; way < PROBE_WAYS; way++)
        if (try_way(p, (enum probe_way)way, e) < 0)
            return -1;
    return 0;
}
