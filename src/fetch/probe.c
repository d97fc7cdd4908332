/* SPDX-License-Identifier: Apache-2.0 */
/* A block fails again and again: is it the block, or can nothing be had?
 * A block that came before is asked for once more: when it comes again, the
 * service works, and the other is to blame itself.  That is asked before a
 * block counts as unreadable, and while nothing comes at all (the last blocks
 * of a volume, a window full of bad ones): then it speaks for the service as
 * the success of any other block does, and the tries of the bad ones count.
 * As long as no block has been found good but one may be, nothing counts as
 * unreadable. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "ebs/requests.h"
#include "fetch/fetch-private.h"

/* Nothing has come for so long; and how many times it is asked for until
 * something does: whoever is throttled for ever must not be kept alive. */
#define QUIET_NS NS_PER_S
#define PROBES_MAX 60

#define PROBE_ATTEMPTS 3

void probe_remember(struct job *j)
{
    struct fetch *f = j->fetch;
    struct probe *p = &f->probe;

    AUTOLOCK(&f->lock);
    p->known = true;
    p->was_known = true;
    p->index = slot_index(j->slot);
    memcpy(p->token, j->token, sizeof(p->token));
    p->since = clock_monotonic(f->config.clock);
    p->count = 0;
}

static bool is_possible(struct fetch *f)
{
    AUTOLOCK(&f->lock);

    return f->probe.known;
}

/* Its slot may be another job's by now: one that is being supplied is not for
 * this thread to look at. */
static bool has_come(const struct job *j)
{
    return j->state == DELIVERED && &j->fetch->jobs[j->slot->number] == j
        && j->slot->provider;
}

/* No block has been found good yet, but one is on its way, or the gate will
 * look at it: it takes the blocks in their order, and comes no further than
 * to the oldest one that is missing. */
static bool is_to_come(struct fetch *f, const struct job *doubted)
{
    thread_lock(&f->lock);
    bool was = f->probe.was_known;
    thread_unlock(&f->lock);

    for (unsigned i = 0; i < f->config.slots; i++) {
        const struct job *j = &f->jobs[i];

        if (j->state == FLYING || j->state == STALE
            || (!was && has_come(j)
                && j->slot->offset < doubted->slot->offset))
            return true;
    }
    return false;
}

static bool has_sha256(const void *block, const unsigned char sha256[32])
{
    unsigned char got[32];

    hash_sha256(block, BLOCK_SIZE, got);
    return memcmp(sha256, got, sizeof(got)) == 0;
}

/* What waits behind the oldest one is looked at here. */
static bool find_good(struct fetch *f, const struct job *doubted)
{
    for (unsigned i = 0; i < f->config.slots; i++) {
        struct job *j = &f->jobs[i];

        if (!has_come(j) || j->slot->offset < doubted->slot->offset
            || !has_sha256(j->slot->raw, j->slot->expected))
            continue;
        probe_remember(j);
        return true;
    }
    return false;
}

/* False as long as there is no block to ask for again. */
static bool is_ready(struct fetch *f, const struct job *doubted)
{
    if (is_possible(f))
        return true;
    if (!doubted || is_to_come(f, doubted))
        return false;
    if (find_good(f, doubted))
        return true;
    jobs_decide(f, UNKNOWN);
    return false;
}

static bool any_failing(const struct fetch *f)
{
    for (unsigned i = 0; i < f->config.slots; i++)
        if (f->jobs[i].state == FLYING && call_failures(f->jobs[i].call))
            return true;
    return false;
}

/* And not too often, or a throttled block would be kept alive for ever. */
static bool is_quiet(struct fetch *f)
{
    AUTOLOCK(&f->lock);

    return clock_monotonic(f->config.clock) - f->probe.since > QUIET_NS
        && f->probe.count < PROBES_MAX;
}

static void aim(struct fetch *f)
{
    struct probe *p = &f->probe;

    AUTOLOCK(&f->lock);
    request_block(p->call, f->config.snapshot, p->index, p->token);
    p->count++; /* reset by the next good block */
}

static unsigned char *probe_place(struct call *c)
{
    return ((const struct fetch *)c->owner)->probe.raw;
}

void probe_watch(struct fetch *f)
{
    struct probe *p = &f->probe;
    const struct job *doubted = p->busy ? NULL : jobs_oldest(f, DOUBTED);

    if (p->busy || !is_ready(f, doubted))
        return;
    if (!doubted && !(is_quiet(f) && any_failing(f)))
        return;
    aim(f);
    p->call->place = probe_place;
    p->call->limit = BLOCK_SIZE;
    p->call->attempts_max = PROBE_ATTEMPTS;
    p->busy = true;
    call_start(p->call);
}

/* -1 after the answer was refused, and is on its way again. */
static int check(struct probe *p)
{
    unsigned char said[32];
    struct err e = ERR_INIT;

    if (block_answer(p->call->answer, said, &e) == 0) {
        if (has_sha256(p->raw, said))
            return 0;
        snprintf(e.msg, sizeof(e.msg), "the SHA-256 does not match");
    }
    call_reject(p->call, e.msg);
    return -1;
}

/* Not again at once; with a token that is too old, not again at all. */
static void note_end(struct fetch *f, enum verdict v)
{
    AUTOLOCK(&f->lock);

    f->probe.since = clock_monotonic(f->config.clock);
    if (v == V_STALE_BLOCK_TOKEN)
        f->probe.known = false;
}

static void probe_done(struct call *c)
{
    struct fetch *f = c->owner;
    struct probe *p = &f->probe;

    if (c->verdict == V_OK && check(p) < 0)
        return;
    p->busy = false;
    note_end(f, c->verdict);
    jobs_decide(f, c->verdict == V_OK ? WORKS : FAILS);
}

void probe_stop(struct fetch *f)
{
    call_cancel(f->probe.call);
}

int probe_init(struct fetch *f, struct err *e)
{
    struct probe *p = &f->probe;

    p->raw = malloc(BLOCK_SIZE);
    if (!p->raw)
        return err_nomem(e);
    p->call = fetch_call(f, probe_done, f, e);
    return p->call ? 0 : -1;
}

void probe_free(struct fetch *f)
{
    call_free(f->probe.call);
    free(f->probe.raw);
}
