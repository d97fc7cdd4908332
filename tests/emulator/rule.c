/* SPDX-License-Identifier: Apache-2.0 */
#include "rule.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "ruleword.h"
#include "scope.h"
#include "when.h"

struct rules {
    struct rule *list;
    size_t count;
    int64_t started;      /* when_monotonic() */
    pthread_mutex_t lock; /* for the counters in the rules */
};

struct rules *rules_new(void)
{
    struct rules *r = calloc(1, sizeof(*r));

    if (!r)
        return NULL;
    pthread_mutex_init(&r->lock, NULL);
    r->started = when_monotonic();
    return r;
}

void rules_free(struct rules *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r->list);
    free(r);
}

int rules_add(struct rules *r, const char *text, struct fail *f)
{
    struct rule rule;
    struct rule *list;

    if (ruleword_parse(&rule, text, f) < 0)
        return -1;
    list = realloc(r->list, (r->count + 1) * sizeof(*list));
    if (!list)
        return fail(f, 0, "out of memory");
    r->list = list;
    list[r->count++] = rule;
    return 0;
}

static bool matches(const struct rule *rule, const struct rule_request *q)
{
    if (rule->ops && !(rule->ops & OP_BIT(q->op)))
        return false;
    if (rule->has_block && (q->block < rule->block_first ||
                            q->block > rule->block_last))
        return false;
    if (rule->snapshot[0] && strcmp(rule->snapshot, q->snapshot) != 0 &&
        strcmp(rule->snapshot, q->first) != 0)
        return false;
    if (rule->region[0] && strcmp(rule->region, q->region) != 0)
        return false;
    return !rule->key[0] || strcmp(rule->key, q->key) == 0;
}

/* splitmix64, so that a seed gives the same decisions everywhere. */
static double next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

/* A bucket that holds a tenth of a second's worth.  True when the request
 * is above the rate. */
static bool over_rate(struct rule *rule, int64_t now)
{
    double room = rule->over / 10 < 1 ? 1 : rule->over / 10;
    double more = rule->over * (double)(now - rule->bucket_at) / 1000;

    rule->bucket = rule->bucket_at ? rule->bucket + more : room;
    rule->bucket_at = now;
    if (rule->bucket > room)
        rule->bucket = room;
    if (rule->bucket < 1)
        return true;
    rule->bucket -= 1;
    return false;
}

/* Lock held. */
static bool fires(struct rule *rule, int64_t elapsed, int64_t now)
{
    uint64_t n = ++rule->seen;

    if (n <= rule->after || (rule->times && rule->fired >= rule->times))
        return false;
    if (rule->every && (n - rule->after) % rule->every != 0)
        return false;
    if ((double)elapsed < rule->from * 1000 ||
        (rule->until > 0 && (double)elapsed >= rule->until * 1000))
        return false;
    if (rule->over > 0 && !over_rate(rule, now))
        return false;
    if (rule->chance > 0 && next_random(&rule->random) >= rule->chance)
        return false;
    rule->fired++;
    return true;
}

static void apply(const struct rule *rule, struct effects *fx)
{
    if (fx->rule_count < EFFECTS_RULES)
        fx->rules[fx->rule_count++] = rule->text;
    if (!rule->fault) {
        int64_t old = effect_or(fx, rule->effect, 0);

        /* Headers are bits: two rules drop two headers. */
        fx->value[rule->effect] = rule->effect == FX_DROP_HEADER
                                      ? (old | rule->value)
                                      : rule->value;
        fx->set |= UINT64_C(1) << rule->effect;
        if (rule->effect == FX_AGAINST)
            fx->against = rule->against;
    } else if (!fx->fault) {
        fx->fault = rule->fault;
        fx->dialect = rule->dialect;
        fx->body = rule->body;
    }
}

void rules_apply(struct rules *r, const struct rule_request *q,
                 struct effects *out)
{
    int64_t now;

    memset(out, 0, sizeof(*out));
    if (r->count == 0)
        return;
    now = when_monotonic();
    autolock(&r->lock);
    for (size_t i = 0; i < r->count; i++)
        if (matches(&r->list[i], q) &&
            fires(&r->list[i], now - r->started, now))
            apply(&r->list[i], out);
}

void rule_help(FILE *out)
{
    ruleword_help(out);
}
