/* SPDX-License-Identifier: Apache-2.0 */
/* What will be made and what it costs, before anything is; and whether that
 * is wanted. */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/prompt.h"
#include "base/text.h"
#include "plan/prices.h"
#include "preserve/preserve-private.h"
#include "show/tell.h"

static uint64_t all_gib(const struct preserve *p)
{
    uint64_t gib = 0;

    for (size_t i = 0; i < p->nvolumes; i++)
        gib += p->volumes[i].gib;
    return gib;
}

static bool sizes_known(const struct preserve *p)
{
    for (size_t i = 0; i < p->nvolumes; i++)
        if (!p->volumes[i].gib)
            return false;
    return true;
}

static int tell_price(const struct preserve *p, struct err *e)
{
    autotext struct text usd = TEXT_INIT;
    uint64_t price;

    if (plan_read_price("price-storage", p->opt->price, &price, e) < 0)
        return -1;
    plan_add_usd(&usd, all_gib(p) * price);
    if (usd.failed)
        return err_nomem(e);
    tell_always("%s %s USD a month as long as they are kept (%s for a GiB, if "
                "all of it is stored: what EBS has of earlier snapshots costs "
                "nothing more)", sizes_known(p) ? "at most" : "more than",
                usd.s, p->opt->price);
    return 0;
}

static void tell_volumes(const struct preserve *p)
{
    for (size_t i = 0; i < p->nvolumes; i++)
        tell_always("  %s%s%s, %" PRIu64 " GiB", p->volumes[i].id,
                    p->volumes[i].device[0] ? ", " : "",
                    p->volumes[i].device, p->volumes[i].gib);
    if (p->bare)
        tell_warning("%zu devices of %s are no EBS volumes, and will be in no "
                     "snapshot", p->bare, p->target);
}

static int tell_offer(const struct preserve *p, struct err *e)
{
    tell_always("this makes %zu snapshot%s in %s, with keys of %s%s:",
                p->nvolumes, p->nvolumes == 1 ? "" : "s",
                p->service.settings.region,
                p->caller.arn ? p->caller.arn : "an account that is not known",
                p->order.instance ? ", all of one moment" : "");
    tell_volumes(p);
    for (size_t i = 0; i < p->order.nlabels; i++)
        tell_always("  tag %s=%s", p->labels[i].key, p->labels[i].value);
    return tell_price(p, e);
}

#define NOBODY "nothing was made: it changes the account, and wants --yes," \
               " or the answer at a terminal"

static int ask(struct err *e)
{
    char answer[16];

    if (!isatty(STDIN_FILENO))
        return err_set(e, ERR_USAGE, 0, "%s", NOBODY);
    if (prompt_seen("Make them? Type yes: ", NOBODY, answer, sizeof(answer),
                    e) < 0)
        return -1;
    if (strcmp(answer, "yes") == 0)
        return 0;
    return err_set(e, ERR_USAGE, 0, "nothing was made: the answer was not "
                   "yes");
}

int preserve_offer(struct preserve *p, struct err *e)
{
    if (tell_offer(p, e) < 0)
        return -1;
    return p->opt->yes ? 0 : ask(e);
}
