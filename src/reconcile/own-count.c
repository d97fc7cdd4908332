/* SPDX-License-Identifier: Apache-2.0 */
/* What became of our requests, after the last record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reconcile/reconcile.h"

int names_note(struct names_of *n, const struct named *x, struct err *e)
{
    if (n->count == NAMED_MAX) {
        n->more++;
        return 0;
    }
    if (!n->list)
        n->list = malloc(NAMED_MAX * sizeof(*n->list));
    if (!n->list)
        return err_nomem(e);
    n->list[n->count++] = *x;
    return 0;
}

static void add(struct tally *t, bool witnessed)
{
    t->all++;
    t->witnessed += witnessed;
}

static int count_row(struct reconcile *r, size_t i, struct err *e)
{
    const struct fetched *rows = &r->own.rows;
    bool witnessed = rows->flags[i] & ROW_WITNESSED;
    struct named x = { .call = READING_GET, .block = rows->blocks[i] };

    if (rows->flags[i] & ROW_CARRIED) {
        add(&r->counts.carried, witnessed);
        return 0;
    }
    if (!(rows->flags[i] & ROW_HAS_ID)) {
        r->counts.without_id++;
        return 0;
    }
    /* Of a block that could not be read the last answer was an error. */
    if (!(rows->flags[i] & ROW_READ)) {
        add(&r->counts.failures, witnessed);
        return 0;
    }
    add(&r->counts.blocks, witnessed);
    snprintf(x.id, sizeof(x.id), "%s", fetched_id(rows, i, (char[ROW_ID_ROOM]){
                                                   0 }));
    return witnessed ? 0 : names_note(&r->unwitnessed, &x, e);
}

static bool is_row_too(const struct reconcile *r,
                       const struct run_request *q)
{
    size_t i = q->block == RUN_NO_BLOCK ? r->own.rows.count
                                        : fetched_find(&r->own.rows, q->block);

    return i < r->own.rows.count && fetched_is(&r->own.rows, i, q->id);
}

static int count_request(struct reconcile *r, const struct run_request *q,
                         struct err *e)
{
    struct named x = { .call = q->block == RUN_NO_BLOCK ? READING_LIST
                                                        : READING_GET,
                       .block = q->block };

    if (!q->data) {
        add(&r->counts.others, q->witnessed);
        return 0;
    }
    if (!q->answered) {
        if (!is_row_too(r, q))
            add(&r->counts.failures, q->witnessed);
        return 0;
    }
    add(&r->counts.answers, q->witnessed);
    snprintf(x.id, sizeof(x.id), "%s", q->id);
    return q->witnessed ? 0 : names_note(&r->unwitnessed, &x, e);
}

/* Stored blocks below this one. */
static size_t stored_below(const struct fetched *rows, uint64_t block)
{
    size_t low = 0, high = rows->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (rows->blocks[middle] < block)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How much of what is stored each of them got. */
static void count_stored(const struct fetched *rows, struct crowd *c)
{
    for (size_t i = 0; i < c->count; i++) {
        struct reader *x = &c->readers[i];
        uint64_t first = 0, last;

        if (!x->thing[0])
            continue;
        x->stored_known = true;
        x->stored = rows->count;
        for (; marks_range(&x->blocks, &first, &last); first = last + 1)
            x->stored_got += stored_below(rows, last + 1)
                - stored_below(rows, first);
    }
}

static void judge(struct reconcile *r)
{
    const struct counts *c = &r->counts;
    bool elsewhere = false;

    for (size_t i = 0; i < r->adrift.count; i++)
        elsewhere |= reconcile_is_elsewhere(r, &r->adrift.readers[i]);
    r->strange = elsewhere || r->others.count || r->own.contradicted
        || r->own.unanswered[UNANSWERED_UNKNOWN]
        || c->blocks.witnessed < c->blocks.all
        || c->answers.witnessed < c->answers.all;
}

int reconcile_count(struct reconcile *r, struct err *e)
{
    for (size_t i = 0; i < r->own.rows.count; i++)
        if (count_row(r, i, e) < 0)
            return -1;
    for (size_t i = 0; i < r->own.log.count; i++)
        if (count_request(r, &r->own.log.list[i], e) < 0)
            return -1;
    count_stored(&r->own.rows, &r->ours);
    count_stored(&r->own.rows, &r->others);
    judge(r);
    return 0;
}
