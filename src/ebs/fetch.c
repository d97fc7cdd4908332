#include "ebs/fetch.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/thread.h"
#include "ebs/fetch-parts.h"
#include "ebs/requests.h"
#include "flow/window.h"

/* 10000 entries with tokens of 256 characters and their JSON fit well. */
#define PAGE_LIMIT (4 * MIB)

/* EBS: page tokens live 60 minutes. */
#define PAGE_TOKEN_NS (45 * 60 * NS_PER_S)

/* A block whose renewed token is refused so often cannot be had. */
#define RENEWALS_MAX 3

/* Empty pages of a list that was asked for by index. */
#define RENEW_EMPTY_MAX 100

/* Never-stored bytes that one slot carries: five seconds of hashing. */
#define GAP_MAX (4 * GIB)

#define POLL_MS 500

#define AHEAD_MIN 16u
#define PLAN_POLL_MS 100

static void fail(struct fetch *f, struct err *why)
{
    window_fail(f->window, why);
}

/* Keys that are good but may not do this: say what is to be allowed. */
static void name_right(struct err *why, const char *right)
{
    if (strncmp(why->code, "AccessDenied", 12) == 0)
        err_in(why, "the right %s on this snapshot is missing", right);
}

/* --------------------------------------------------------------- listing */

/* The answer of a list call into the map; a page that makes no sense is
 * asked for again. */
static void take_page(struct fetch *f, struct call *c)
{
    struct listing page;
    struct err e = ERR_INIT;

    if (listing_parse(c->answer->body.s, c->answer->body.len, &page, &e) < 0
        || blockmap_add(f->config.map, &page, &e) < 0) {
        f->listing = true;
        call_reject(c, e.msg);
        return;
    }
    f->page_token_time = clock_monotonic(f->config.clock);
}

/* Before the run there is no window to tell. */
static void fail_listing(struct fetch *f, struct err *why)
{
    name_right(why, "ebs:ListSnapshotBlocks");
    err_in(why, "listing the blocks of %s", f->config.snapshot);
    if (f->window)
        fail(f, why);
    else
        f->plan_failed = *why;
}

static void list_done(struct call *c)
{
    struct fetch *f = c->owner;

    f->listing = false;
    if (c->verdict == V_OK)
        take_page(f, c);
    else if (c->verdict == V_STALE_PAGE_TOKEN
             && blockmap_page_token(f->config.map)[0])
        blockmap_drop_page_token(f->config.map);
    else
        fail_listing(f, &c->err);
}

static void prepare_list(struct fetch *f)
{
    struct blockmap *m = f->config.map;
    uint64_t now = clock_monotonic(f->config.clock);

    if (blockmap_page_token(m)[0]
        && now - f->page_token_time > PAGE_TOKEN_NS)
        blockmap_drop_page_token(m);
    request_list(f->list, f->config.snapshot, blockmap_page_token(m),
                 blockmap_next_index(m));
    f->list->limit = PAGE_LIMIT;
}

/* Lists only as far as there are blocks to fetch; false: no page is needed
 * now.  The first page is, since it says how large the volume is. */
static bool wants_page(struct fetch *f)
{
    struct blockmap *m = f->config.map;
    uint64_t next;

    if (f->listing || !blockmap_wants_page(m))
        return false;
    if (!f->config.only || f->config.supply)
        return true;
    next = blockset_next(f->config.only, blockmap_next_index(m));
    if (next != BLOCKSET_END)
        blockmap_skip_to(m, (uint32_t)next);
    else if (blockmap_pages(m))
        blockmap_end(m);
    return !blockmap_complete(m);
}

static void start_listing(struct fetch *f)
{
    if (!wants_page(f))
        return;
    prepare_list(f);
    f->listing = true;
    call_start(f->list);
}

/* Until the first page is there and the size of the volume is known. */
static int plan(struct fetch *f, const volatile sig_atomic_t *stop,
                struct err *e)
{
    const struct blockmap *m = f->config.map;

    while (!blockmap_pages(m)
           || (!blockmap_volume_size(m) && !blockmap_complete(m))) {
        if (*stop)
            return err_set(e, ERR_INTERRUPTED, 0, "interrupted by signal %d",
                           (int)*stop);
        start_listing(f);
        if (aws_poll(f->config.aws, PLAN_POLL_MS, e) < 0)
            return -1;
        if (f->plan_failed.kind) {
            *e = f->plan_failed;
            return -1;
        }
    }
    return 0;
}

int fetch_plan(struct source *src, const volatile sig_atomic_t *stop,
               struct err *e)
{
    struct fetch *f = (struct fetch *)src;
    int r;

    f->list->not_ready_seconds = f->config.not_ready_seconds;
    r = plan(f, stop, e);
    f->list->not_ready_seconds = 0;
    return r;
}

/* ---------------------------------------------------------------- blocks */

static void send_block(struct job *j)
{
    struct fetch *f = j->fetch;

    request_block(j->call, f->config.snapshot, slot_index(j->slot),
                  j->token);
    j->call->into = j->slot->raw;
    j->call->limit = BLOCK_SIZE;
    j->state = FLYING;
    f->flying++;
    call_start(j->call);
}

static void refuse(struct job *j, const char *why)
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
    j->state = DELIVERED;
    describe(j);
    window_arrived(j->fetch->window, j->slot);
}

static void fill(struct job *j, const struct err *why)
{
    struct fetch *f = j->fetch;
    struct slot *s = j->slot;

    memset(s->raw, 0, s->len);
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

    name_right(&why, "ebs:GetSnapshotBlock");
    err_in(&why, "block %" PRIu32 " of %s", slot_index(j->slot),
           f->config.snapshot);
    if (f->config.zero_unreadable && is_its_own) {
        fill(j, &why);
        return;
    }
    j->state = IDLE;
    window_fail_at(f->window, j->slot, &why);
}

/* Before it becomes zeros: is it really the block's own fault? */
static bool is_doubtful(const struct job *j)
{
    return j->fetch->config.zero_unreadable && j->call->used_up
        && probe_possible(j->fetch);
}

static void decide(struct fetch *f, bool works)
{
    for (unsigned i = 0; i < f->config.slots; i++)
        if (f->jobs[i].state == DOUBTED)
            give_up(&f->jobs[i], works);
}

/* Behind the blocks in flight there is room for half as many that wait for
 * one that is late, or for the processor. */
unsigned fetch_slots(unsigned connections)
{
    unsigned half = connections / 2;

    return connections + (half > AHEAD_MIN ? half : AHEAD_MIN);
}

static void limit_window(struct fetch *f)
{
    window_limit(f->window, fetch_slots(f->depth.now));
}

/* The answer of j->call, whoever's it was at first. */
static void take_answer(struct job *j)
{
    struct fetch *f = j->fetch;
    unsigned char sha256[32];
    struct err e = ERR_INIT;

    if (block_answer(j->call->answer, sha256, &e) < 0) {
        refuse(j, e.msg);
        return;
    }
    if (depth_done(&f->depth, f->depth_limits,
                   clock_monotonic(f->config.clock)))
        limit_window(f);
    memcpy(j->slot->expected, sha256, sizeof(sha256));
    j->slot->provider = true;
    deliver(j);
}

static void block_done(struct call *c)
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

/* The second request for a block that was late has overtaken the first. */
static void late_won(struct job *j)
{
    j->fetch->flying--;
    take_answer(j);
}

static void start_block(struct fetch *f, struct slot *s)
{
    struct job *j = &f->jobs[s->number];
    uint32_t index;

    blockmap_take(f->config.map, &index, j->token);
    s->offset = (uint64_t)index * BLOCK_SIZE;
    s->gap = s->offset - f->next_offset;
    s->len = BLOCK_SIZE;
    f->next_offset = s->offset + BLOCK_SIZE;
    j->slot = s;
    j->renewals = 0;
    j->others = 0;
    if (!f->config.supply || blockset_has(f->config.only, index)) {
        send_block(j);
        return;
    }
    j->state = SUPPLIED;
    f->config.supply->give(f->config.supply, s);
}

/* 1: a slot took the first piece of the gap before `next'; 0: it is short
 * enough to come with what follows it; -1: no slot is free. */
static int start_hole(struct fetch *f, uint64_t next)
{
    struct slot *s;

    if (next - f->next_offset <= GAP_MAX)
        return 0;
    s = window_reserve(f->window);
    if (!s)
        return -1;
    f->jobs[s->number].state = DELIVERED;
    f->jobs[s->number].slot = s;
    s->hole = true;
    s->len = BLOCK_SIZE;
    s->gap = GAP_MAX - BLOCK_SIZE;
    s->offset = f->next_offset + s->gap;
    f->next_offset += GAP_MAX;
    window_arrived(f->window, s);
    return 1;
}

/* The gap before a block, but for what comes with it. */
static bool start_holes(struct fetch *f, uint64_t next)
{
    int r;

    do
        r = start_hole(f, next);
    while (r > 0);
    return r == 0;
}

static void start_end(struct fetch *f, struct slot *s)
{
    uint64_t size = blockmap_volume_size(f->config.map);

    s->offset = size;
    s->gap = size - f->next_offset;
    f->ended = true;
    window_arrived(f->window, s);
}

/* The blocks that the list must have; it may have others, unless all that are
 * stored were known before. */
static const struct blockset *must_have(const struct fetch *f)
{
    return f->config.stored ? f->config.stored : f->config.only;
}

static int check_listed(struct fetch *f, uint64_t listed)
{
    struct err e = ERR_INIT;
    uint64_t wanted;

    if (!must_have(f))
        return 0;
    wanted = blockset_next(must_have(f), f->next_offset / BLOCK_SIZE);
    if (wanted == listed || (wanted > listed && !f->config.stored))
        return 0;
    err_set(&e, ERR_SERVICE, 0,
            wanted < listed
                ? "block %" PRIu64 " of %s was listed before and is not any "
                  "more: the snapshot has changed"
                : "block %" PRIu64 " of %s is listed and was not before: the "
                  "snapshot has changed",
            wanted < listed ? wanted : listed, f->config.snapshot);
    fail(f, &e);
    return -1;
}

/* True when the next block of the map is one to fetch; drops those before it
 * that are not. */
static bool next_block(struct fetch *f, uint32_t *index)
{
    char token[TOKEN_MAX + 1];
    uint32_t dropped;

    while (blockmap_peek(f->config.map, index)) {
        if (!must_have(f))
            return true;
        if (f->config.stored || blockset_has(f->config.only, *index))
            return check_listed(f, *index) == 0;
        blockmap_take(f->config.map, &dropped, token);
    }
    return false;
}

static void start_blocks(struct fetch *f)
{
    struct slot *s;
    uint32_t index;

    while (f->flying < f->depth.now && next_block(f, &index)
           && start_holes(f, (uint64_t)index * BLOCK_SIZE)
           && (s = window_reserve(f->window)))
        start_block(f, s);
    f->depth_limits = f->flying >= f->depth.now;
    if (!f->ended && blockmap_done(f->config.map)
        && check_listed(f, BLOCKSET_END) == 0
        && start_holes(f, blockmap_volume_size(f->config.map))
        && (s = window_reserve(f->window)))
        start_end(f, s);
}

/* ---------------------------------------------------------- stale tokens */

static struct job *first_stale(struct fetch *f)
{
    struct job *first = NULL;

    for (unsigned i = 0; i < f->config.slots; i++) {
        struct job *j = &f->jobs[i];

        if (j->state == STALE && (!first || j->slot->seq < first->slot->seq))
            first = j;
    }
    return first;
}

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

/* The block that the new list began with must be in it. */
static void renew_all(struct fetch *f, const struct listing *l)
{
    struct err e = ERR_INIT;

    if (!find_token(l, f->renew_from)) {
        err_set(&e, ERR_SERVICE, 0,
                "block %" PRIu32 " of %s was listed before and is not any "
                "more: the snapshot has changed", f->renew_from,
                f->config.snapshot);
        fail(f, &e);
        return;
    }
    for (unsigned i = 0; i < f->config.slots; i++) {
        struct job *j = &f->jobs[i];
        const char *token;

        if (j->state != STALE)
            continue;
        token = find_token(l, slot_index(j->slot));
        if (!token)
            continue; /* not in this page: the next renewal's turn */
        strcpy(j->token, token);
        j->renewals++;
        send_block(j);
    }
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
        fail(f, &c->err);
        return;
    }
    if (listing_parse(c->answer->body.s, c->answer->body.len, &page, &e)
        < 0) {
        f->renewing = true;
        call_reject(c, e.msg);
        return;
    }
    if (page.count == 0 && page.next[0]
        && ++f->renew_empty < RENEW_EMPTY_MAX)
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
    fail(f, &e);
    return -1;
}

static void start_renewal(struct fetch *f)
{
    struct job *first = f->renewing ? NULL : first_stale(f);

    if (!first)
        return;
    if (relist(f) < 0)
        return;
    f->renew_from = slot_index(first->slot);
    request_list(f->renew, f->config.snapshot, "", f->renew_from);
    f->renew->limit = PAGE_LIMIT;
    f->renewing = true;
    f->renew_empty = 0;
    call_start(f->renew);
}

/* ---------------------------------------------- blocks that came back bad */

static bool fetch_accept(struct source *src, struct slot *s)
{
    struct fetch *f = (struct fetch *)src;
    struct job *j = &f->jobs[s->number];
    bool same = memcmp(s->sha256, s->expected, 32) == 0;

    if (j->state == SUPPLIED) {
        /* What a supply cannot read is fetched, not given up. */
        if (same && !s->unreadable)
            return true;
    } else if (s->unreadable) {
        return true;
    } else if (same) {
        probe_remember(j);
        return true;
    }
    thread_lock(&f->lock);
    j->returned = f->returned;
    f->returned = j;
    thread_unlock(&f->lock);
    aws_wake(f->config.aws);
    return false;
}

static int fetch_unpack(struct source *src, struct slot *s, struct err *e)
{
    struct fetch *f = (struct fetch *)src;

    if (f->jobs[s->number].state != SUPPLIED)
        return 0;
    return f->config.supply->unpack(f->config.supply, s, e);
}

static void fetch_after_all(struct job *j)
{
    struct fetch_supply *u = j->fetch->config.supply;

    u->refused(u, j->slot);
    j->slot->unreadable = false;
    j->slot->provider = false;
    j->slot->age = 0;
    send_block(j);
}

static void refuse_mismatch(struct job *j)
{
    char got[65], said[65], why[256];

    hex_encode(got, j->slot->sha256, 32);
    hex_encode(said, j->slot->expected, 32);
    snprintf(why, sizeof(why),
             "the block has SHA-256 %s, the provider says %s", got, said);
    refuse(j, why);
}

static void take_returned(struct fetch *f)
{
    struct job *j;

    thread_lock(&f->lock);
    j = f->returned;
    f->returned = NULL;
    thread_unlock(&f->lock);
    while (j) {
        struct job *next = j->returned;

        if (j->state == SUPPLIED)
            fetch_after_all(j);
        else
            refuse_mismatch(j);
        j = next;
    }
}

/* ---------------------------------------------------------------- thread */

static void *fetch_main(void *arg)
{
    struct fetch *f = arg;
    struct err e = ERR_INIT;

    while (!f->stopping) {
        take_returned(f);
        start_renewal(f);
        start_listing(f);
        start_blocks(f);
        late_watch(f);
        probe_watch(f);
        if (aws_poll(f->config.aws, POLL_MS, &e) < 0) {
            fail(f, &e);
            break;
        }
    }
    return NULL;
}

static int fetch_start(struct source *src, struct window *w, struct err *e)
{
    struct fetch *f = (struct fetch *)src;

    f->window = w;
    depth_init(&f->depth, f->config.connections,
               clock_monotonic(f->config.clock));
    limit_window(f);
    if (f->config.supply
        && f->config.supply->start(f->config.supply, w, e) < 0)
        return -1;
    if (thread_start(&f->thread, fetch_main, f, "fetch", e) < 0)
        return -1;
    f->started = true;
    return 0;
}

static void fetch_wake(struct source *src)
{
    aws_wake(((struct fetch *)src)->config.aws);
}

static void fetch_stop(struct source *src)
{
    struct fetch *f = (struct fetch *)src;

    f->stopping = true;
    if (f->config.supply)
        f->config.supply->stop(f->config.supply);
    if (!f->started)
        return;
    aws_wake(f->config.aws);
    thread_join(f->thread);
    f->started = false;
    for (unsigned i = 0; i < f->config.slots; i++)
        call_cancel(f->jobs[i].call);
    call_cancel(f->list);
    call_cancel(f->renew);
    late_stop(f);
    probe_stop(f);
}

/* ------------------------------------------------------------ make, free */

static int make_jobs(struct fetch *f, struct err *e)
{
    f->jobs = calloc(f->config.slots, sizeof(*f->jobs));
    if (!f->jobs)
        return err_nomem(e);
    for (unsigned i = 0; i < f->config.slots; i++) {
        struct job *j = &f->jobs[i];

        j->fetch = f;
        j->call = call_new(f->config.aws, e);
        if (!j->call)
            return -1;
        j->call->done = block_done;
        j->call->owner = j;
    }
    return 0;
}

static int make_lists(struct fetch *f, struct err *e)
{
    f->list = call_new(f->config.aws, e);
    if (!f->list)
        return -1;
    f->list->done = list_done;
    f->list->owner = f;
    f->renew = call_new(f->config.aws, e);
    if (!f->renew)
        return -1;
    f->renew->done = renew_done;
    f->renew->owner = f;
    return 0;
}

struct source *fetch_new(const struct fetch_config *c, struct err *e)
{
    struct fetch *f = calloc(1, sizeof(*f));

    if (!f) {
        err_nomem(e);
        return NULL;
    }
    f->config = *c;
    f->next_offset = c->start;
    f->source = (struct source){
        .name = "EBS",
        .start = fetch_start,
        .accept = fetch_accept,
        .wake = fetch_wake,
        .stop = fetch_stop,
    };
    if (c->supply && c->supply->unpack)
        f->source.unpack = fetch_unpack;
    pthread_mutex_init(&f->lock, NULL);
    f->late.won = late_won;
    if (make_jobs(f, e) < 0 || make_lists(f, e) < 0
        || late_init(f, block_done, e) < 0
        || probe_init(f, decide, e) < 0) {
        fetch_free(&f->source);
        return NULL;
    }
    return &f->source;
}

void fetch_free(struct source *src)
{
    struct fetch *f = (struct fetch *)src;

    if (!f)
        return;
    for (unsigned i = 0; f->jobs && i < f->config.slots; i++)
        call_free(f->jobs[i].call);
    call_free(f->list);
    call_free(f->renew);
    late_free(f);
    probe_free(f);
    free(f->jobs);
    pthread_mutex_destroy(&f->lock);
    free(f);
}
