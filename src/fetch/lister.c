/* SPDX-License-Identifier: Apache-2.0 */
/* The list of the snapshot's blocks: page after page into the map, only as
 * far as there are blocks to fetch. */
#include "ebs/page.h"
#include "fetch/fetch-private.h"
#include "fetch/pages.h"

/* EBS: page tokens live 60 minutes. */
#define PAGE_TOKEN_NS (45 * 60 * NS_PER_S)

#define PLAN_POLL_MS 100

/* Before the run there is no window to tell. */
static void fail_listing(struct fetch *f, struct err *why)
{
    fetch_name_right(why, "ebs:ListSnapshotBlocks");
    err_in(why, "listing the blocks of %s", f->config.snapshot);
    if (f->window)
        fetch_fail(f, why);
    else
        f->plan_failed = *why;
}

/* A size that two answers name is the size. */
static bool is_final(struct fetch *f, const struct err *why)
{
    bool before = f->other_blocks;

    f->other_blocks = page_has_other_blocks(why);
    return before && f->other_blocks;
}

/* The answer of a list call into the map; a page that makes no sense is
 * asked for again. */
static void take_page(struct fetch *f, struct call *c)
{
    struct err e = ERR_INIT;

    if (pages_take(f->config.map, c, &e) < 0) {
        if (is_final(f, &e)) {
            fail_listing(f, &e);
            return;
        }
        f->listing = true;
        call_reject(c, e.msg);
        return;
    }
    f->other_blocks = false;
    f->page_token_time = clock_monotonic(f->config.clock);
}

static void list_done(struct call *c)
{
    struct fetch *f = c->owner;

    f->listing = false;
    if (c->verdict == V_OK)
        take_page(f, c);
    else if (!pages_go_on(f->config.map, c))
        fail_listing(f, &c->err);
}

static void prepare_list(struct fetch *f)
{
    struct blockmap *m = f->config.map;
    uint64_t now = clock_monotonic(f->config.clock);

    if (blockmap_page_token(m)[0]
        && now - f->page_token_time > PAGE_TOKEN_NS)
        blockmap_drop_page_token(m);
    pages_request(f->list, f->config.snapshot, m);
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

void lister_watch(struct fetch *f)
{
    if (!wants_page(f))
        return;
    prepare_list(f);
    f->listing = true;
    call_start(f->list);
}

int lister_init(struct fetch *f, struct err *e)
{
    f->list = fetch_call(f, list_done, f, e);
    return f->list ? 0 : -1;
}

void lister_stop(struct fetch *f)
{
    call_cancel(f->list);
}

void lister_free(struct fetch *f)
{
    call_free(f->list);
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
        lister_watch(f);
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
