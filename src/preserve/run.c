/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "plan/prices.h"
#include "preserve/label.h"
#include "preserve/preserve-private.h"
#include "show/tell.h"

int preserve_check(const struct preserve_options *o, struct err *e)
{
    uint64_t price;

    if (plan_read_price("price-storage", o->price, &price, e) < 0)
        return -1;
    return preserve_check_labels(o, e);
}

static int prepare(struct preserve *p, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;

    if (resource_kind(p->target) == RESOURCE_INSTANCE)
        p->order.instance = p->target;
    else
        p->order.volume = p->target;
    if (service_open(&p->service, &p->opt->service, &hooks, e) < 0
        || preserve_look(p, e) < 0 || preserve_label(p, e) < 0)
        return -1;
    return preserve_offer(p, e);
}

static const char *outcome(const struct preserve *p, int r,
                           const struct err *why)
{
    if (r < 0)
        return why->kind == ERR_INTERRUPTED ? "interrupted" : "failed";
    return preserve_done(p) ? "completed" : "made";
}

/* However it went, what was made is logged and shown; the first error
 * wins. */
static int finish(struct preserve *p, int r, struct err *e)
{
    struct err later = ERR_INIT, ignored = ERR_INIT;
    int end = preserve_log_end(p, outcome(p, r, e), r < 0 ? e : NULL,
                               &later);

    if (log_close(p->log, end < 0 ? &ignored : &later) < 0)
        end = -1;
    p->log = NULL;
    if (preserve_show(p, end < 0 ? &ignored : &later) < 0)
        end = -1;
    if (r == 0 && end < 0)
        *e = later;
    return r < 0 ? -1 : end;
}

static int make(struct preserve *p, struct err *e)
{
    int r;

    if (preserve_log_begin(p, e) < 0)
        return p->log ? finish(p, -1, e) : -1;
    r = preserve_order(p, e);
    if (r == 0)
        r = preserve_wait(p, e);
    if (r == 0)
        r = preserve_count(p, e);
    return finish(p, r, e);
}

int preserve_run(const struct preserve_options *o, const char *target,
                 struct err *e)
{
    struct preserve *p = calloc(1, sizeof(*p));
    int r;

    if (!p)
        return err_nomem(e);
    p->opt = o;
    p->target = target;
    r = prepare(p, e) < 0 ? -1 : make(p, e);
    if (r == 0 && p->reserve)
        r = 1;
    sts_identity_free(&p->caller);
    preserve_unlabel(p);
    service_close(&p->service);
    free(p->log_path);
    free(p);
    return r;
}
