/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/quota.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "aws/rate.h"
#include "base/clock.h"
#include "base/thread.h"

/* Who was refused so lately is waiting. */
#define WAITING_NS (50 * NS_PER_MS)

/* So many blocks ahead of one that waits is even still. */
#define EVEN 16

/* For one that steps back. */
#define STEP_NS NS_PER_MS

struct quota_member {
    struct quota *quota;
    TAILQ_ENTRY(quota_member) entry;
    uint64_t got;          /* blocks, counted from when it joined on */
    uint64_t refused;      /* when it was last; 0: it was not since then */
};

struct quota {
    pthread_mutex_t lock;  /* for all below */
    struct rate rates[QUOTA_KINDS];
    TAILQ_HEAD(quota_members, quota_member) members;
};

struct quota *quota_new(double block_rate, double list_rate, uint64_t now,
                        struct err *e)
{
    struct quota *q = calloc(1, sizeof(*q));

    if (!q) {
        err_nomem(e);
        return NULL;
    }
    pthread_mutex_init(&q->lock, NULL);
    TAILQ_INIT(&q->members);
    rate_init(&q->rates[QUOTA_LIST], list_rate, now);
    rate_init(&q->rates[QUOTA_BLOCK], block_rate, now);
    return q;
}

void quota_free(struct quota *q)
{
    if (q)
        pthread_mutex_destroy(&q->lock);
    free(q);
}

/* Locked.  A member that comes late must not have all of what the others had
 * before it. */
static uint64_t most_got(const struct quota *q)
{
    const struct quota_member *m;
    uint64_t most = 0;

    TAILQ_FOREACH(m, &q->members, entry)
        most = m->got > most ? m->got : most;
    return most;
}

struct quota_member *quota_join(struct quota *q, struct err *e)
{
    struct quota_member *m = calloc(1, sizeof(*m));
    AUTOLOCK(&q->lock);

    if (!m) {
        err_nomem(e);
        return NULL;
    }
    m->quota = q;
    m->got = most_got(q);
    TAILQ_INSERT_TAIL(&q->members, m, entry);
    return m;
}

static void remove_member(struct quota_member *m)
{
    AUTOLOCK(&m->quota->lock);

    TAILQ_REMOVE(&m->quota->members, m, entry);
}

void quota_leave(struct quota_member *m)
{
    if (m)
        remove_member(m);
    free(m);
}

static bool is_waiting(const struct quota_member *m, uint64_t now)
{
    return m->refused && now < m->refused + WAITING_NS;
}

/* Locked. */
static bool is_ahead(const struct quota_member *m, uint64_t now)
{
    const struct quota_member *other;

    TAILQ_FOREACH(other, &m->quota->members, entry)
        if (other != m && is_waiting(other, now)
            && other->got + EVEN < m->got)
            return true;
    return false;
}

/* Who did not want any for a while has no claim on it later. */
static void catch_up(struct quota_member *m, uint64_t now)
{
    uint64_t most = most_got(m->quota);

    if (!is_waiting(m, now) && m->got + EVEN < most)
        m->got = most - EVEN;
}

static uint64_t take_block(struct quota_member *m, uint64_t now)
{
    uint64_t ns;

    catch_up(m, now);
    ns = is_ahead(m, now) ? STEP_NS
                          : rate_take(&m->quota->rates[QUOTA_BLOCK], now);
    m->refused = ns ? now : m->refused;
    m->got += !ns;
    return ns;
}

uint64_t quota_take(struct quota_member *m, enum quota_kind kind,
                    uint64_t now)
{
    AUTOLOCK(&m->quota->lock);

    return kind == QUOTA_BLOCK ? take_block(m, now)
                               : rate_take(&m->quota->rates[kind], now);
}

bool quota_slow_down(struct quota_member *m, enum quota_kind kind,
                     uint64_t now, double *speed)
{
    struct rate *r = &m->quota->rates[kind];
    bool slower;
    AUTOLOCK(&m->quota->lock);

    slower = rate_slow_down(r, now);
    *speed = r->speed;
    return slower;
}
