/* Stale tokens: the blocks are listed again from the first one on whose token
 * was refused, and all whose token was take theirs from the new list. */
#include <inttypes.h>
#include <string.h>

#include "ebs/requests.h"
#include "fetch/fetch-private.h"

/* Empty pages of a list that was asked for by index. */
#define EMPTY_MAX 100

static const char *find_token(const struct listing *l, uint32_t index)
{
    size_t lo = 0;
    size_t hi = l->count;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (l->entries[mid].index == index)
            return l->tokens + l->entries[mid].token;
        if (l->entries[mid].index < index)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static void fail_missing(struct fetch *f)
{
    struct err e = ERR_INIT;

    err_set(&e, ERR_SERVICE, 0,
            "block %" PRIu32 " of %s was listed before and is not any "
            "more: the snapshot has changed", f->renew_from,
            f->config.snapshot);
    fetch_fail(f, &e);
}

/* A block that is not in this page waits for the next renewal. */
static void renew(struct job *j, const struct listing *l)
{
    const char *token = find_token(l, slot_index(j->slot));

    if (!token)
        return;
    strcpy(j->token, token);
    j->renewals++;
    job_send(j);
}

/* The block that the new list began with must be in it. */
static void renew_all(struct fetch *f, const struct listing *l)
{
    if (!find_token(l, f->renew_from)) {
        fail_missing(f);
        return;
    }
    for (unsigned i = 0; i < f->config.slots; i++)
        if (f->jobs[i].state == STALE)
            renew(&f->jobs[i], l);
}

/* EBS: a page may be empty and the list goes on all the same. */
static void renew_next_page(struct fetch *f, const char *token)
{
    request_list(f->renew, f->config.snapshot, token, 0);
    f->renewing = true;
    call_start(f->renew);
}

static void renew_done(struct call *c)
{
    struct fetch *f = c->owner;
    struct listing page;
    struct err e = ERR_INIT;

    f->renewing = false;
    if (c->verdict != V_OK) {
        err_in(&c->err, "listing the blocks of %s again",
               f->config.snapshot);
        fetch_fail(f, &c->err);
        return;
    }
    if (listing_parse(c->answer->body.s, c->answer->body.len, &page, &e)
        < 0) {
        f->renewing = true;
        call_reject(c, e.msg);
        return;
    }
    if (page.count == 0 && page.next[0]
        && ++f->renew_empty < EMPTY_MAX)
        renew_next_page(f, page.next);
    else
        renew_all(f, &page);
    listing_free(&page);
}

/* What waits in the map is as old as the token that was refused. */
static int relist(struct fetch *f)
{
    struct err e = ERR_INIT;
    uint32_t index;

    if (f->listing || !blockmap_peek(f->config.map, &index)
        || blockmap_relist(f->config.map, &e) == 0)
        return 0;
    fetch_fail(f, &e);
    return -1;
}

void renewal_watch(struct fetch *f)
{
    struct job *first = f->renewing ? NULL : jobs_oldest(f, STALE);

    if (!first || relist(f) < 0)
        return;
    f->renew_from = slot_index(first->slot);
    request_list(f->renew, f->config.snapshot, "", f->renew_from);
    f->renew->limit = LIST_ANSWER_MAX;
    f->renewing = true;
    f->renew_empty = 0;
    call_start(f->renew);
}

int renewal_init(struct fetch *f, struct err *e)
{
    f->renew = fetch_call(f, renew_done, f, e);
    return f->renew ? 0 : -1;
}

void renewal_stop(struct fetch *f)
{
    call_cancel(f->renew);
}

void renewal_free(struct fetch *f)
{
    call_free(f->renew);
}
