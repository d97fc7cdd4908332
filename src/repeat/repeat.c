/* SPDX-License-Identifier: Apache-2.0 */
#include "repeat/repeat.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/option.h"
#include "custody/add.h"
#include "show/tell.h"

#define MEMORY (16 * MIB)

void repeat_defaults(struct repeat_options *o)
{
    *o = (struct repeat_options){ .sample = OPTION_ALL };
    service_defaults(&o->service);
    o->service.rate = 500;
    seal_defaults(&o->seal);
}

/* ------------------------------------------------------------- the image */

/* In the region that its log names.  Not at the endpoint: who can write in the
 * folder would be sent what the keys sign. */
static int open_own(struct repeat *r, struct repeat_options *o,
                    struct err *e)
{
    const struct run_record *log = &r->own.evidence.log;

    if (volume_open(&r->own, r->name, &o->service, NULL, NULL, e) < 0)
        return -1;
    if (r->own.is_snapshot)
        return err_set(e, ERR_USAGE, 0, "%s is a snapshot: name the image that "
                       "was made of it", r->name);
    if (volume_learn(&r->own, false, e) < 0)
        return -1;
    if (!o->service.region && log->region && log->region[0])
        o->service.region = log->region;
    r->own_reader = volume_reader_new(&r->own, MEMORY, e);
    return r->own_reader ? 0 : -1;
}

static int compare(struct repeat *r, struct err *e)
{
    int result;

    progress_start(&r->progress,
                   progress_wanted(r->opt->progress, r->opt->quiet), r->name,
                   r->own.size, clock_monotonic(&clock_system));
    result = r->opt->remote ? repeat_remote(r, e) : repeat_against(r, e);
    progress_end(&r->progress);
    return result;
}

static void end(struct repeat *r)
{
    struct err ignored = ERR_INIT;

    volume_reader_free(r->other_reader, &ignored);
    volume_reader_free(r->own_reader, &ignored);
    if (r->other.name)
        volume_close(&r->other, &ignored);
    if (r->own.name)
        volume_close(&r->own, &ignored);
    free(r->access);
}

/* ------------------------------------------------------------- the entry */

static void add_facts(const struct repeat *r, const char *result,
                      const char *detail, struct record *f)
{
    record_str(f, "against", repeat_with(r));
    record_str(f, "result", result);
    record_str(f, "detail", detail);
    record_u64(f, "blocks", r->compared);
    if (r->access)
        record_str(f, "access_head", r->access_head);
}

/* 1: it has no time stamp. */
static int enter(const struct repeat *r, struct signer *s,
                 const char *result, const char *detail, struct text *out,
                 struct err *e)
{
    autotext struct text report = TEXT_INIT;
    autorecord struct record facts = RECORD_INIT;
    const struct custody_wish w = { .kind = CUSTODY_VERIFICATION,
                                    .facts = &facts };
    int status;

    add_facts(r, result, detail, &facts);
    status = custody_add(&r->opt->seal, s, r->name, &w, &report, e);
    if (status >= 0 && !r->opt->json && !r->opt->quiet && report.s)
        text_add(out, report.s);
    return status;
}

static int enter_result(const struct repeat *r, struct signer *s,
                        struct text *out, struct err *e)
{
    autotext struct text detail = TEXT_INIT;

    repeat_detail(r, &detail);
    return detail.failed ? err_nomem(e)
        : enter(r, s, repeat_differs(r) ? "different" : "the same", detail.s,
                out, e);
}

/* An image that is not what its manifest says has an entry, too; what went
 * wrong first is what is told. */
static void enter_failure(const struct repeat *r, struct signer *s,
                          const struct err *why)
{
    autotext struct text out = TEXT_INIT;
    struct err e = ERR_INIT;

    if (why->kind == ERR_VERIFY && r->opt->custody
        && enter(r, s, "failed", why->msg, &out, &e) < 0)
        tell_warning("custody log: %s", e.msg);
}

/* -------------------------------------------------------------------- all */

static int conclude(const struct repeat *r, struct signer *s,
                    struct text *out, struct err *e)
{
    int entered = r->opt->custody ? enter_result(r, s, out, e) : 0;

    if (entered < 0)
        return -1;
    (r->opt->json ? repeat_json : repeat_tell)(r, out);
    if (out->failed)
        return err_nomem(e);
    return repeat_differs(r) ? 7 : r->unread || entered;
}

int repeat_run(const struct repeat_options *o, const char *name,
               struct text *out, struct err *e)
{
    struct repeat_options own = *o;
    struct repeat r = { .opt = &own, .name = name };
    struct signer *s = NULL;
    int result;

    if (!o->custody && (o->seal.key || o->seal.cert
                        || o->seal.stamp.servers.count))
        return err_set(e, ERR_USAGE, 0, "--key, --cert and --tsa are for the "
                       "entry of --custody");
    if (o->custody && custody_signer(&o->seal, &s, e) < 0)
        return -1;
    result = open_own(&r, &own, e);
    if (result == 0)
        result = compare(&r, e);
    if (result == 0)
        result = conclude(&r, s, out, e);
    else
        enter_failure(&r, s, e);
    end(&r);
    signer_close(s);
    return result;
}
