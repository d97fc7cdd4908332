/* SPDX-License-Identifier: Apache-2.0 */
/* An attempt has failed: is it the call's own fault, or is the service or the
 * network down for everybody?  The first uses up the attempts of the call; the
 * second is waited out, for as long as `give_up_seconds' allows, and must
 * never make a readable block count as unreadable. */
#include "aws/aws-private.h"

/* The success of another call speaks for the service when it came after this
 * one failed last: what came before does not tell that the service works
 * still.  So old must it be to speak against a call whose answers are
 * rejected, because the other one's may be rejected in a moment. */
#define SETTLED_NS (NS_PER_S / 4)

/* Whose fate says something about s: lists may work while blocks do not. */
static bool is_peer(const struct call_state *x, const struct call_state *s)
{
    return x != s && x->call->service == s->call->service
        && (x->call->pace == s->call->pace || s->call->pace != PACE_BLOCK);
}

static bool peers_succeed(const struct call_state *s, bool rejected)
{
    uint64_t now = clock_monotonic(s->aws->config.clock);
    const struct call_state *x;

    TAILQ_FOREACH(x, &s->aws->calls, member)
        if (is_peer(x, s) && x->succeeded > s->failed
            && (!rejected || now - x->succeeded > SETTLED_NS))
            return true;
    return false;
}

static bool peers_are_busy(const struct call_state *s)
{
    const struct call_state *x;

    TAILQ_FOREACH(x, &s->aws->calls, member)
        if (is_peer(x, s) && x->place != IDLE)
            return true;
    return false;
}

/* Nobody else is there to compare with, but the service itself answered. */
static bool is_last_with_answer(const struct call_state *s)
{
    return s->request->answer.fault == HTTP_ANSWERED && !peers_are_busy(s);
}

bool blame_counts(const struct call_state *s, bool rejected)
{
    return rejected || s->call->attempts_max
        || !s->aws->worked[s->call->service] || peers_succeed(s, rejected)
        || is_last_with_answer(s);
}

bool blame_is_its_own(const struct call_state *s, bool rejected)
{
    return s->aws->worked[s->call->service]
        && (peers_succeed(s, rejected) || is_last_with_answer(s));
}
