/* SPDX-License-Identifier: Apache-2.0 */
/* One connection that is stuck must not hold up the whole window: when the
 * oldest block in flight takes far longer than blocks do, it is asked for
 * once more on another connection, and whichever answer comes first counts.
 * Nothing else waits for time here; the deadlines are aws's and net's. */
#include <stdlib.h>
#include <string.h>

#include "ebs/requests.h"
#include "fetch/fetch-private.h"

/* Late is what takes so many times as long as usual, and longer than that. */
#define LATE_FACTOR 8
#define LATE_LEAST_NS (2 * NS_PER_S)

/* The average follows the last so many blocks. */
#define AVERAGE_OVER 16

static void late_done(struct call *c);

static bool is_late(const struct late *l, uint64_t ns)
{
    return l->usual && ns > LATE_LEAST_NS && ns > LATE_FACTOR * l->usual;
}

static unsigned char *late_place(struct call *c)
{
    return ((const struct fetch *)c->owner)->late.raw;
}

static void ask_again(struct fetch *f, struct job *j, uint64_t ns)
{
    struct late *l = &f->late;

    l->job = j;
    request_block(l->call, f->config.snapshot, slot_index(j->slot),
                  j->token);
    l->call->place = late_place;
    l->call->limit = BLOCK_SIZE;
    l->call->attempts_max = 1; /* the retries are the first one's */
    if (f->config.late)
        f->config.late(f->config.ctx, j->slot, ns / NS_PER_MS);
    call_start(l->call);
}

void late_watch(struct fetch *f)
{
    struct job *j = f->late.job ? NULL : jobs_oldest(f, FLYING);
    uint64_t ns = j ? call_flying_ns(j->call) : 0;

    if (is_late(&f->late, ns))
        ask_again(f, j, ns);
}

/* The call that answered becomes the job's own, so that all that follows
 * (a checksum that does not match, another try) finds it there. */
static void trade_calls(struct late *l, struct job *j)
{
    struct call *winner = l->call;
    struct delivery *to = j->fetch->to;

    call_cancel(j->call);
    j->others += j->call->attempts;
    memcpy(to->place(to, j->slot), l->raw, BLOCK_SIZE);
    l->call = j->call;
    l->call->done = late_done;
    l->call->owner = j->fetch;
    j->call = winner;
    j->call->done = job_done;
    j->call->owner = j;
    j->call->place = job_place;
    j->call->attempts_max = 0;
}

static void late_done(struct call *c)
{
    struct fetch *f = c->owner;
    struct late *l = &f->late;
    struct job *j = l->job;

    l->job = NULL;
    if (c->verdict != V_OK) { /* the first one goes on */
        j->others += c->attempts;
        return;
    }
    trade_calls(l, j);
    job_won(j);
}

static void note_time(struct late *l, const struct http_answer *a)
{
    uint64_t ns = a->ended - a->began;

    if (!l->usual)
        l->usual = ns;
    else
        l->usual = (l->usual * (AVERAGE_OVER - 1) + ns) / AVERAGE_OVER;
}

void late_first_ended(struct job *j)
{
    struct late *l = &j->fetch->late;

    if (j->call->verdict == V_OK)
        note_time(l, j->call->answer);
    if (l->job != j)
        return;
    j->others += l->call->attempts;
    l->job = NULL;
    call_cancel(l->call);
}

void late_stop(struct fetch *f)
{
    f->late.job = NULL;
    call_cancel(f->late.call);
}

int late_init(struct fetch *f, struct err *e)
{
    struct late *l = &f->late;

    l->raw = malloc(BLOCK_SIZE);
    if (!l->raw)
        return err_nomem(e);
    l->call = fetch_call(f, late_done, f, e);
    return l->call ? 0 : -1;
}

void late_free(struct fetch *f)
{
    call_free(f->late.call);
    free(f->late.raw);
}
