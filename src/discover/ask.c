/* SPDX-License-Identifier: Apache-2.0 */
/* Asks EC2 for the snapshots of one region. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "discover/list-private.h"
#include "ebs/pager.h"

/* Of a hundred entries each: ten times what an account may have in a region,
 * for lists whose pages are short. */
#define PAGES_MAX 10000u

/* ---------------------------------------------------------- one question */

struct reading {
    const struct list_question *q;
    struct xmllist *out;
    char **next;
};

static int take(void *ctx, const struct call *c, struct err *e)
{
    struct reading *r = ctx;
    const struct text *body = &c->answer->body;
    int result = r->q->parse(body->s ? body->s : "", body->len, r->out,
                             r->next, e);

    if (result < 0) {
        r->q->free(r->out);
        free(*r->next);
        *r->next = NULL;
    }
    return result;
}

static int ask_page(struct list *l, const struct list_question *q,
                    struct pager *p, struct err *e)
{
    char *next = NULL;
    struct xmllist page = { 0 };
    struct reading r = { q, &page, &next };
    int result;

    q->fill(l->service->call, q->what, p->next);
    if (service_ask(l->service, take, &r, e) < 0)
        return -1;
    result = q->use(q->ctx, &page, e);
    q->free(&page);
    if (result < 0) {
        free(next);
        return -1;
    }
    return pager_turn(p, next, e);
}

int list_ask(struct list *l, const struct list_question *q, struct err *e)
{
    autopager struct pager p = { NULL };

    do {
        if (ask_page(l, q, &p, e) < 0)
            return -1;
    } while (pager_goes_on(&p, PAGES_MAX));
    if (!p.next)
        return 0;
    l->reserve = true;
    return notes_add(&l->notes, e, "not all %s of %s are shown: EC2's list "
                     "does not end", q->name, l->region);
}

void list_fill_ids(struct call *c, const void *what, const char *next)
{
    const struct some_ids *s = what;

    s->fill(c, s->ids, s->n, next);
}

bool list_is_fatal(const struct err *why)
{
    return why->kind == ERR_INTERRUPTED || why->kind == ERR_INTERNAL
        || why->kind == ERR_DEST;
}

/* ------------------------------------------------------------ what comes */

static int flush(struct list *l, struct err *e)
{
    int r = 0;

    hold_sort(&l->hold, l->opt->sort);
    for (size_t i = 0; i < l->hold.count && r == 0; i++)
        r = show_row(&l->show, &l->hold.rows[i], e);
    hold_clear(&l->hold);
    return r;
}

static int keep(struct list *l, struct row *r, struct err *e)
{
    if (hold_is_full(&l->hold) && l->whole) {
        row_free(r);
        return err_set(e, ERR_SERVICE, 0, "there are more than %zu snapshots",
                       l->hold.count);
    }
    if (hold_is_full(&l->hold)) {
        l->parts = true;
        if (flush(l, e) < 0) {
            row_free(r);
            return -1;
        }
    }
    return hold_add(&l->hold, r, e);
}

static void mark_seen(struct list *l, const char *id)
{
    const struct option_list *named = &l->opt->snapshots;

    for (size_t i = 0; i < named->count; i++)
        l->seen[i] |= strcmp(named->items[i], id) == 0;
    for (size_t i = 0; i < l->missing.count; i++)
        if (strcmp(l->missing.list[i], id) == 0)
            l->missing.list[i][0] = '\0';
}

/* Takes those of a page that are wanted; *n of them. */
static struct row *take_rows(struct list *l, struct xmllist *page, size_t *n,
                             struct err *e)
{
    struct row *rows = calloc(page->count + 1, sizeof(*rows));

    *n = 0;
    if (!rows) {
        err_nomem(e);
        return NULL;
    }
    for (size_t i = 0; i < page->count; i++) {
        struct row *r = &rows[*n];

        row_take(r, ec2_snapshot_at(page, i), l->region);
        mark_seen(l, r->snapshot.id);
        if (!row_is_between(r, l->wanted.from, l->wanted.to)) {
            row_free(r);
            continue;
        }
        l->undated += !r->start && (l->wanted.from || l->wanted.to);
        (*n)++;
    }
    return rows;
}

static int use_snapshots(void *ctx, struct xmllist *page, struct err *e)
{
    struct list *l = ctx;
    size_t n;
    autofree struct row *rows = take_rows(l, page, &n, e);
    int r = rows ? 0 : -1;

    for (size_t i = 0; i < n && l->opt->instances.count; i++)
        list_set_place(l, &rows[i]);
    if (r == 0 && l->opt->details)
        r = list_details(l, rows, n, e);
    for (size_t i = 0; i < n; i++) {
        if (r == 0)
            r = keep(l, &rows[i], e);
        else
            row_free(&rows[i]);
    }
    if (r == 0 && l->opt->sort == SORT_NONE)
        r = flush(l, e);
    return r;
}

/* ---------------------------------------------------------- the questions */

#define FILTERS (OPTION_LIST_MAX + 2)

static void fill_search(struct call *c, const void *what, const char *next)
{
    ec2_search_snapshots(c, what, next);
}

static int search(struct list *l, const struct ec2_filter *ids, size_t nids,
                  struct err *e)
{
    struct ec2_filter filters[FILTERS];
    struct ec2_search s = { l->wanted.owners, l->wanted.nowners, filters,
                            nids };
    struct list_question q = {
        fill_search, ec2_parse_snapshots, ec2_snapshots_free, &s,
        "snapshots", use_snapshots, l,
    };

    for (size_t i = 0; i < nids; i++)
        filters[i] = ids[i];
    for (size_t i = 0; i < l->wanted.ntags; i++)
        filters[s.nfilters++] = (struct ec2_filter){
            l->wanted.tags[i].name, l->wanted.tags[i].values,
            l->wanted.tags[i].count };
    return list_ask(l, &q, e);
}

/* EC2 takes so many values of a filter. */
static size_t piece(size_t at, size_t count)
{
    return count - at < EC2_FILTER_VALUES ? count - at : EC2_FILTER_VALUES;
}

static int search_volumes(struct list *l, struct ec2_filter *filters,
                          size_t n, struct err *e)
{
    const char *const *names;

    if (!l->by_volume)
        return search(l, filters, n, e);
    names = ids_names(&l->volumes, e);
    if (!names)
        return -1;
    for (size_t at = 0; at < l->volumes.count; at += EC2_FILTER_VALUES) {
        filters[n] = (struct ec2_filter){ "volume-id", names + at,
                                          piece(at, l->volumes.count) };
        if (search(l, filters, n + 1, e) < 0)
            return -1;
    }
    return 0;
}

/* With nothing to look for, nothing is asked: a request without a filter would
 * be one for all of them. */
int list_search(struct list *l, struct err *e)
{
    struct ec2_filter filters[2] = { { 0 } };
    const char *const *names;

    if (!l->by_snapshot)
        return search_volumes(l, filters, 0, e);
    names = ids_names(&l->snapshots, e);
    if (!names)
        return -1;
    for (size_t at = 0; at < l->snapshots.count; at += EC2_FILTER_VALUES) {
        filters[0] = (struct ec2_filter){ "snapshot-id", names + at,
                                          piece(at, l->snapshots.count) };
        if (search_volumes(l, filters, 1, e) < 0)
            return -1;
    }
    return 0;
}

/* An image goes on naming snapshots that are deleted, or not ours to see. */
static int note_missing(struct list *l, struct err *e)
{
    size_t n = 0;
    const char *first = NULL;

    for (size_t i = 0; i < l->missing.count; i++)
        if (l->missing.list[i][0]) {
            first = first ? first : l->missing.list[i];
            n++;
        }
    if (!n || wanted_narrows(&l->wanted))
        return 0;
    l->reserve = true;
    return notes_add(&l->notes, e, "the images name snapshots that EC2 does "
                     "not show here: %zu, the first is %s; they are deleted, "
                     "or another account's", n, first);
}

int list_region(struct list *l, struct err *e)
{
    struct err ignored = ERR_INIT;
    int r = show_region(&l->show, l->service, e);

    if (r == 0)
        r = list_resolve(l, e);
    if (r == 0)
        r = list_search(l, e);
    if (r == 0)
        r = note_missing(l, e);
    /* What has come is told, whatever came then. */
    if (flush(l, r < 0 ? &ignored : e) < 0)
        r = -1;
    return r;
}
