/* SPDX-License-Identifier: Apache-2.0 */
/* Stale tokens: the blocks are listed again from the first one on whose token
 * was refused, and all whose token was take theirs from the new list. */
#include <inttypes.h>
#include <string.h>

#include "ebs/requests.h"
#include "fetch/fetch-private.h"

/* Empty pages of a list that was asked for by index. */
#define EMPTY_MAX 100

/* Without a token for one of them nothing goes on in order; else the others
 * do. */
static void fail(struct fetch *f, struct err *why, bool all)
{
    if (f->window) {
        fetch_fail(f, why);
        return;
    }
    for (unsigned i = 0; i < f->config.slots; i++) {
        struct job *j = &f->jobs[i];

        if (j->state == STALE
            && (all || slot_index(j->slot) == f->renew_from))
            job_lose(j, why);
    }
}

/* The block that the new list began with must be in it. */
static void fail_missing(struct fetch *f)
{
    struct err e = ERR_INIT;

    err_set(&e, ERR_SERVICE, 0,
            "block %" PRIu32 " of %s was listed before and is not any "
            "more: the snapshot has changed", f->renew_from,
            f->config.snapshot);
    fail(f, &e, false);
}

/* A block that is not in this page waits for the next renewal. */
static void renew(struct job *j, const char *token)
{
    if (!token)
        return;
    j->renewals += j->token[0] != '\0';
    strcpy(j->token, token);
    job_send(j);
}

static void renew_all(struct fetch *f, const struct listing *l)
{
    if (!listing_token(l, f->renew_from)) {
        fail_missing(f);
        if (f->window)
            return;
    }
    for (unsigned i = 0; i < f->config.slots; i++)
        if (f->jobs[i].state == STALE)
            renew(&f->jobs[i],
                  listing_token(l, slot_index(f->jobs[i].slot)));
}

/* Where there is no order, a list is for a few blocks, not for all that
 * follow. */
static void ask(struct fetch *f, const char *token, uint32_t from)
{
    request_list_of(f->renew, f->config.snapshot, token, from,
                    f->window ? PAGE_ENTRIES : TOKENS_PAGE);
    f->renew->limit = LIST_ANSWER_MAX;
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
        fail(f, &c->err, true);
        return;
    }
    if (listing_parse(c->answer->body.s, c->answer->body.len, &page, &e)
        < 0) {
        f->renewing = true;
        call_reject(c, e.msg);
        return;
    }
    /* EBS: a page may be empty and the list goes on all the same. */
    if (page.count == 0 && page.next[0]
        && ++f->renew_empty < EMPTY_MAX)
        ask(f, page.next, 0);
    else
        renew_all(f, &page);
    if (f->window)
        listing_free(&page);
    else
        tokens_keep(&f->tokens, &page);
}

/* What waits in the map is as old as the token that was refused. */
static int relist(struct fetch *f)
{
    struct err e = ERR_INIT;
    uint32_t index;

    if (!f->window || f->listing || !blockmap_peek(f->config.map, &index)
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
    f->renew_empty = 0;
    ask(f, "", f->renew_from);
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
