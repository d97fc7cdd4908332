/* SPDX-License-Identifier: Apache-2.0 */
/* The way of one block from its request to its slot: sent, answered, given
 * up. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ebs/requests.h"
#include "fetch/fetch-private.h"

/* A block whose renewed token is refused so often cannot be had. */
#define RENEWALS_MAX 3

struct job *jobs_oldest(const struct fetch *f, enum job_state state)
{
    struct job *oldest = NULL;

    for (unsigned i = 0; i < f->config.slots; i++) {
        struct job *j = &f->jobs[i];

        if (j->state == state
            && (!oldest || j->slot->seq < oldest->slot->seq))
            oldest = j;
    }
    return oldest;
}

unsigned char *job_place(struct call *c)
{
    const struct job *j = c->owner;

    struct delivery *to = j->fetch->to;

    return to->place(to, j->slot);
}

void job_send(struct job *j)
{
    struct fetch *f = j->fetch;

    request_block(j->call, f->config.snapshot, slot_index(j->slot),
                  j->token);
    j->call->place = job_place;
    j->call->limit = BLOCK_SIZE;
    j->state = FLYING;
    f->flying++;
    call_start(j->call);
}

void job_refuse(struct job *j, const char *why)
{
    j->state = FLYING;
    j->fetch->flying++;
    call_reject(j->call, why);
}

static void describe(struct job *j)
{
    struct slot *s = j->slot;

    s->attempts = j->call->attempts + j->others;
    s->time = j->call->finished;
    snprintf(s->request_id, sizeof(s->request_id), "%s",
             j->call->request_id);
}

static void deliver(struct job *j)
{
    struct delivery *to = j->fetch->to;

    j->state = DELIVERED;
    describe(j);
    to->arrived(to, j->slot);
}

void job_lose(struct job *j, const struct err *why)
{
    struct delivery *to = j->fetch->to;

    j->state = IDLE;
    to->lost(to, j->slot, why);
}

static void fill(struct job *j, const struct err *why)
{
    struct fetch *f = j->fetch;
    struct slot *s = j->slot;

    memset(f->to->place(f->to, s), 0, s->len);
    s->unreadable = true;
    describe(j);
    f->config.unreadable(f->config.ctx, s, why);
    deliver(j);
}

/* This block cannot be had.  Only a fault of the block itself may become
 * zeros; lost rights or a lost service end the run, with all that came
 * before. */
static void give_up(struct job *j, bool is_its_own)
{
    struct fetch *f = j->fetch;
    struct err why = j->call->err;

    fetch_name_right(&why, "ebs:GetSnapshotBlock");
    err_in(&why, "block %" PRIu32 " of %s", slot_index(j->slot),
           f->config.snapshot);
    if (f->config.zero_unreadable && is_its_own) {
        fill(j, &why);
        return;
    }
    describe(j);
    job_lose(j, &why);
}

/* Before it becomes zeros: is it really the block's own fault? */
static bool is_doubtful(const struct job *j)
{
    return j->fetch->config.zero_unreadable && j->call->used_up;
}

void jobs_decide(struct fetch *f, enum service_state service)
{
    for (unsigned i = 0; i < f->config.slots; i++) {
        struct job *j = &f->jobs[i];

        if (j->state == DOUBTED)
            give_up(j, service == UNKNOWN ? j->call->gave_up_alone
                                          : service == WORKS);
    }
}

/* The answer of j->call, whoever's it was at first. */
static void take_answer(struct job *j)
{
    struct fetch *f = j->fetch;
    unsigned char sha256[32];
    struct err e = ERR_INIT;

    if (block_answer(j->call->answer, sha256, &e) < 0) {
        job_refuse(j, e.msg);
        return;
    }
    if (depth_done(&f->depth, f->depth_limits,
                   clock_monotonic(f->config.clock)))
        fetch_limit(f);
    memcpy(j->slot->expected, sha256, sizeof(sha256));
    j->slot->provider = true;
    deliver(j);
}

void job_done(struct call *c)
{
    struct job *j = c->owner;

    j->fetch->flying--;
    late_first_ended(j);
    if (c->verdict == V_OK)
        take_answer(j);
    else if (c->verdict == V_STALE_BLOCK_TOKEN && j->renewals < RENEWALS_MAX)
        j->state = STALE;
    else if (is_doubtful(j))
        j->state = DOUBTED;
    else
        give_up(j, j->call->gave_up_alone);
}

void job_won(struct job *j)
{
    j->fetch->flying--;
    take_answer(j);
}

static int job_init(struct job *j, struct fetch *f, struct err *e)
{
    j->fetch = f;
    j->call = fetch_call(f, job_done, j, e);
    return j->call ? 0 : -1;
}

int jobs_init(struct fetch *f, struct err *e)
{
    f->jobs = calloc(f->config.slots, sizeof(*f->jobs));
    if (!f->jobs)
        return err_nomem(e);
    for (unsigned i = 0; i < f->config.slots; i++)
        if (job_init(&f->jobs[i], f, e) < 0)
            return -1;
    return 0;
}

void jobs_stop(struct fetch *f)
{
    for (unsigned i = 0; i < f->config.slots; i++)
        call_cancel(f->jobs[i].call);
}

void jobs_free(struct fetch *f)
{
    for (unsigned i = 0; f->jobs && i < f->config.slots; i++)
        call_free(f->jobs[i].call);
    free(f->jobs);
}
