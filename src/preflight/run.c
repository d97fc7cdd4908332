/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/resource.h"
#include "preflight/preflight-private.h"
#include "show/tell.h"

static int name_subjects(struct preflight *p, struct err *e)
{
    const struct policy_names *names = &p->wish->targets;

    p->subjects = calloc(names->count + 1, sizeof(*p->subjects));
    if (!p->subjects)
        return err_nomem(e);
    for (size_t i = 0; i < names->count; i++)
        if (resource_kind(names->at[i]) == RESOURCE_SNAPSHOT)
            p->subjects[p->n++] = (struct subject){ .id = names->at[i],
                                                    .key = CHECK_UNKNOWN };
    return 0;
}

static int look(struct preflight *p, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;

    if (service_open(&p->service, &p->opt->service, &hooks, e) < 0)
        return -1;
    tell_note("keys: %s", p->service.settings.credentials.source);
    if (preflight_rights(p, e) < 0 || preflight_spares(p, e) < 0
        || preflight_folder(p, e) < 0)
        return -1;
    return preflight_way(p, e);
}

/* What is missing stands in the table; this is how it ends. */
static int status(const struct preflight *p, struct err *e)
{
    const struct checks_sum sum = checks_sum(&p->checks);

    if (!sum.prevent)
        return sum.missing ? 1 : 0;
    return err_set(e, sum.first->kind ? sum.first->kind : ERR_SERVICE, 0,
                   "`ebsimg %s' cannot run as it is now: %s: %s",
                   p->wish->command->name, sum.first->name, sum.first->says);
}

int preflight_try(const struct preflight_options *opt,
                  const struct policy_wish *w, struct err *e)
{
    struct preflight p = { .opt = opt, .wish = w };
    int r = name_subjects(&p, e);

    if (r == 0)
        r = look(&p, e);
    if (r == 0)
        r = preflight_show(&p, e);
    if (r == 0)
        r = status(&p, e);
    for (size_t i = 0; i < p.n; i++) {
        ec2_snapshot_free(&p.subjects[i].facts);
        free(p.subjects[i].key_says);
    }
    free(p.subjects);
    sts_identity_free(&p.caller);
    checks_free(&p.checks);
    service_close(&p.service);
    return r;
}
