/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/pages.h"

#include <string.h>

#include "ebs/requests.h"

void pages_request(struct call *c, const char *snapshot,
                   const struct blockmap *m)
{
    request_list(c, snapshot, blockmap_page_token(m), blockmap_next_index(m));
    c->limit = LIST_ANSWER_MAX;
}

int pages_take(struct blockmap *m, const struct call *c, struct err *e)
{
    const struct text *body = &c->answer->body;
    struct listing page;

    if (listing_parse(body->s ? body->s : "", body->len, &page, e) < 0)
        return -1;
    return blockmap_add(m, &page, e);
}

bool pages_go_on(struct blockmap *m, const struct call *c)
{
    if (c->verdict != V_STALE_PAGE_TOKEN || !blockmap_page_token(m)[0])
        return false;
    blockmap_drop_page_token(m);
    return true;
}

/* ----------------------------------------------------------------- waiting */

static int take(void *ctx, const struct call *c, struct err *e)
{
    struct pages *p = ctx;
    int r = pages_take(p->map, c, e);

    if (r < 0)
        p->senseless = c->attempts;
    return r;
}

static void tick(void *ctx)
{
    const struct pages *p = ctx;

    if (p->tick)
        p->tick(p->ctx);
}

/* What is asked for by index cannot have a stale token: twice at most. */
int pages_next(struct pages *p, struct err *e)
{
    const struct asking how = { .take = take, .tick = tick, .ctx = p,
                                .stop = p->stop };

    do {
        pages_request(p->call, p->snapshot, p->map);
        memset(e, 0, sizeof(*e));
        p->senseless = 0;
        p->calls++;
        if (aws_ask_so(p->aws, p->call, &how, e) == 0)
            return 0;
    } while (e->kind != ERR_INTERRUPTED && pages_go_on(p->map, p->call));
    return -1;
}

bool pages_were_senseless(const struct pages *p)
{
    return p->senseless && p->senseless == p->call->attempts;
}
