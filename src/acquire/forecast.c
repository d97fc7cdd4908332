/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/forecast.h"

#include <inttypes.h>

#include "aws/identity.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/scope.h"
#include "base/text.h"
#include "plan/prices.h"
#include "show/progress.h"
#include "show/tell.h"

int forecast_check(const struct acquire_options *o, struct err *e)
{
    uint64_t ignored;

    return o->max_cost
        ? plan_read_price("max-cost", o->max_cost, &ignored, e) : 0;
}

static uint64_t seconds_of(const struct plan_estimate *p, uint64_t rate)
{
    const struct plan_speed speed = {
        rate && rate < PLAN_LIMIT ? rate : PLAN_LIMIT, 0 };

    return plan_seconds(p, &speed);
}

static void tell(const struct plan_volume *v, const struct plan_estimate *p,
                 bool exact, uint64_t seconds)
{
    char size[32], stored[32], time[32];
    autotext struct text t = TEXT_INIT;

    text_addf(&t, "%s, %s%s stored: %s%" PRIu64 " requests, ",
              size_text(size, v->size), exact ? "" : "at most ",
              size_text(stored, p->stored), exact ? "" : "at most ",
              p->blocks + p->lists);
    plan_add_usd(&t, p->requests_price);
    text_add(&t, " USD, and ");
    plan_add_usd(&t, p->transfer_price);
    text_addf(&t, " USD where the transfer costs; %s as fast as may be",
              duration_text(time, seconds));
    if (!t.failed)
        tell_note("%s", t.s);
}

static void warn_of_keys(const struct origin *o, uint64_t seconds)
{
    const struct credentials *c = &o->settings.credentials;
    uint64_t end = clock_wall(&clock_system) + seconds * NS_PER_S;
    char when[CLOCK_TEXT];

    if (c->expires && c->expires < end
        && !identity_renews(o->settings.identity))
        tell_warning("the keys end at %s, before the run can; --resume goes "
                     "on with new ones", clock_text(when, c->expires));
}

static int refuse(const struct acquire_options *o, uint64_t cost, bool exact,
                  struct err *e)
{
    autotext struct text t = TEXT_INIT;

    plan_add_usd(&t, cost);
    return err_set(e, ERR_USAGE, 0, "this would cost %s%s USD, more than the "
                   "%s of --max-cost; no block was fetched",
                   exact ? "" : "up to ", t.s ? t.s : "?", o->max_cost);
}

static int check_limit(const struct acquire_options *o,
                       const struct plan_estimate *p, bool exact,
                       struct err *e)
{
    uint64_t cost = p->requests_price + p->transfer_price;
    uint64_t most;

    if (!o->max_cost)
        return 0;
    if (plan_read_price("max-cost", o->max_cost, &most, e) < 0)
        return -1;
    return cost > most ? refuse(o, cost, exact, e) : 0;
}

int forecast_afford(const struct origin *from,
                    const struct acquire_options *o, uint64_t size,
                    struct err *e)
{
    const struct plan_prices prices = PLAN_PRICES;
    struct plan_estimate p;
    struct plan_volume v;

    plan_take_count(&v, size, &from->facts.full_size);
    plan_estimate(&v, &prices, &p);
    return check_limit(o, &p, false, e);
}

int forecast_run(struct acquisition *a, struct err *e)
{
    const struct acquire_options *o = a->opt;
    const struct plan_prices prices = PLAN_PRICES;
    struct plan_estimate p;
    uint64_t seconds;
    struct plan_volume v;
    bool exact = plan_take_count(&v, a->origin.volume_size,
                                 &a->origin.facts.full_size)
        && !a->since.used && !a->resume.on;

    plan_estimate(&v, &prices, &p);
    seconds = seconds_of(&p, o->service.rate);
    if (o->progress != PROGRESS_JSON)
        tell(&v, &p, exact, seconds);
    warn_of_keys(&a->origin, seconds);
    return check_limit(o, &p, exact, e);
}
