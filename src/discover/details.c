/* SPDX-License-Identifier: Apache-2.0 */
/* What --details wants of a page of snapshots, each with a right of its own.
 * One that is refused is told once and leaves "not known", never a "no". */
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "discover/list-private.h"
#include "ebs/ec2-details.h"

/* So many snapshots one after the other that will not say with whom they are
 * shared: it is the right that is missing, not the snapshot. */
#define REFUSALS_MAX 3

/* The rows of a question, and how they are found by the answers. */
struct page {
    struct list *list;
    struct row *rows;
    size_t n;
    struct names by_id;
};

static const char *const what[DETAILS] = {
    [DETAIL_PLACE] = "where volumes are attached",
    [DETAIL_LOCK] = "whether snapshots are locked",
    [DETAIL_SHARING] = "with whom snapshots are shared",
    [DETAIL_TIER] = "what moves between tiers there were",
};

static int refused(struct list *l, enum detail d, const struct err *why,
                   struct err *e)
{
    if (list_is_fatal(why)) {
        *e = *why;
        return -1;
    }
    l->refused[d] = true;
    return notes_add(&l->notes, e, "%s: it is not known %s: %s", l->region,
                     what[d], why->msg);
}

static char *copy(const char *s, struct err *e)
{
    char *t = strdup(s ? s : "");

    if (!t)
        err_nomem(e);
    return t;
}

static struct row *row_of(const struct page *p, const char *id)
{
    size_t i = names_find(&p->by_id, id);

    return i == NAMES_NONE ? NULL : &p->rows[i];
}

/* Locks, sharing and tiers are told to the owner alone: of another one's
 * snapshot silence means nothing. */
static bool is_own(const struct list *l, const struct row *r)
{
    if (wanted_is_own(&l->wanted))
        return true;
    return l->account && r->snapshot.owner_id
        && strcmp(l->account, r->snapshot.owner_id) == 0;
}

/* ---------------------------------------------------------------- places */

static int use_volumes(void *ctx, struct xmllist *list, struct err *e)
{
    struct page *p = ctx;
    const struct ec2_volume *v = list->items;

    for (size_t i = 0; i < list->count; i++) {
        const struct ec2_attachment *a = v[i].attachments.items;

        for (size_t k = 0; k < v[i].attachments.count; k++)
            if (list_add_place(p->list, v[i].id, a[k].instance_id,
                               a[k].device, e) < 0)
                return -1;
    }
    return 0;
}

static int fill_places(struct page *p, struct err *e)
{
    struct list *l = p->list;
    struct ids volumes = { 0 };
    struct some_ids some = { ec2_search_volumes, NULL, 0 };
    struct list_question q = {
        list_fill_ids, ec2_parse_volumes, ec2_volumes_free, &some,
        "volumes", use_volumes, p,
    };
    int r = 0;

    for (size_t i = 0; i < p->n && r == 0; i++)
        if (resource_kind(p->rows[i].snapshot.volume_id) == RESOURCE_VOLUME
            && !ec2_volume_meaningless(p->rows[i].snapshot.volume_id))
            r = ids_add(&volumes, p->rows[i].snapshot.volume_id, e);
    some.ids = r == 0 ? ids_names(&volumes, e) : NULL;
    some.n = volumes.count;
    if (!some.ids)
        r = -1;
    else if (some.n)
        r = list_ask(l, &q, e);
    ids_free(&volumes);
    return r;
}

/* With --instance the places are known; else those of a page are asked for,
 * and forgotten after it. */
static int places(struct page *p, struct err *e)
{
    struct list *l = p->list;
    struct err why = ERR_INIT;

    if (l->opt->instances.count)
        return 0;
    if (!l->refused[DETAIL_PLACE] && fill_places(p, &why) < 0
        && refused(l, DETAIL_PLACE, &why, e) < 0)
        return -1;
    for (size_t i = 0; i < p->n; i++)
        list_set_place(l, &p->rows[i]);
    list_forget_places(l);
    return 0;
}

/* ----------------------------------------------------------------- locks */

static int use_locks(void *ctx, struct xmllist *list, struct err *e)
{
    const struct ec2_lock *k = list->items;

    for (size_t i = 0; i < list->count; i++) {
        struct row *r = row_of(ctx, k[i].snapshot_id);

        if (!r || r->lock_state)
            continue;
        r->lock_state = copy(k[i].state, e);
        r->lock_until = copy(k[i].expires, e);
        if (!r->lock_state || !r->lock_until)
            return -1;
    }
    return 0;
}

/* ----------------------------------------------------------------- tiers */

static int use_tiers(void *ctx, struct xmllist *list, struct err *e)
{
    const struct ec2_tier *k = list->items;

    for (size_t i = 0; i < list->count; i++) {
        struct row *r = row_of(ctx, k[i].snapshot_id);

        if (!r || r->archived)
            continue;
        r->archived = copy(k[i].archived, e);
        r->restore_expires = copy(k[i].restore_expires, e);
        if (k[i].operation)
            r->tiering = copy(k[i].operation, e);
        if (!r->archived || !r->restore_expires
            || (k[i].operation && !r->tiering))
            return -1;
    }
    return 0;
}

/* ------------------------------------------- one question for the snapshots */

static int ask_some(struct page *p, struct list_question *q,
                    struct some_ids *some, struct err *e)
{
    struct ids ids = { 0 };
    const char *const *names;
    int r = 0;

    for (size_t i = 0; i < p->n && r == 0; i++)
        if (resource_kind(p->rows[i].snapshot.id) == RESOURCE_SNAPSHOT
            && is_own(p->list, &p->rows[i]))
            r = ids_add(&ids, p->rows[i].snapshot.id, e);
    names = r == 0 ? ids_names(&ids, e) : NULL;
    if (!names)
        r = -1;
    for (size_t at = 0; at < ids.count && r == 0; at += some->n) {
        some->ids = names + at;
        some->n = ids.count - at < EC2_FILTER_VALUES ? ids.count - at
                                                     : EC2_FILTER_VALUES;
        r = list_ask(p->list, q, e);
    }
    ids_free(&ids);
    return r;
}

static enum known how_known(const struct list *l, enum detail d,
                            const struct row *r)
{
    return l->refused[d] || !is_own(l, r)
        || resource_kind(r->snapshot.id) != RESOURCE_SNAPSHOT ? UNKNOWN
                                                              : KNOWN;
}

static int locks(struct page *p, struct err *e)
{
    struct some_ids some = { ec2_describe_locks, NULL, 0 };
    struct list_question q = {
        list_fill_ids, ec2_parse_locks, ec2_locks_free, &some, "locks",
        use_locks, p,
    };
    struct err why = ERR_INIT;
    struct list *l = p->list;

    if (!l->refused[DETAIL_LOCK] && ask_some(p, &q, &some, &why) < 0
        && refused(l, DETAIL_LOCK, &why, e) < 0)
        return -1;
    for (size_t i = 0; i < p->n; i++)
        p->rows[i].lock = how_known(l, DETAIL_LOCK, &p->rows[i]);
    return 0;
}

static int tiers(struct page *p, struct err *e)
{
    struct some_ids some = { ec2_describe_tiers, NULL, 0 };
    struct list_question q = {
        list_fill_ids, ec2_parse_tiers, ec2_tiers_free, &some, "tiers",
        use_tiers, p,
    };
    struct err why = ERR_INIT;
    struct list *l = p->list;

    if (!l->refused[DETAIL_TIER] && ask_some(p, &q, &some, &why) < 0
        && refused(l, DETAIL_TIER, &why, e) < 0)
        return -1;
    for (size_t i = 0; i < p->n; i++)
        p->rows[i].tier = how_known(l, DETAIL_TIER, &p->rows[i]);
    return 0;
}

/* --------------------------------------------------------------- sharing */

struct shares {
    const char *id;
    struct ec2_sharing sharing;
};

static int take_sharing(void *ctx, const struct call *c, struct err *e)
{
    struct shares *s = ctx;
    const struct text *body = &c->answer->body;

    ec2_sharing_free(&s->sharing);
    if (ec2_parse_sharing(body->s ? body->s : "", body->len, &s->sharing,
                          e) < 0)
        return -1;
    return strcmp(s->sharing.snapshot_id, s->id) == 0
        ? 0 : err_set(e, ERR_SERVICE, 0, "the answer of EC2 is about another "
                      "snapshot");
}

static void set_sharing(struct row *r, const struct ec2_sharing *s)
{
    const struct ec2_permission *p = s->permissions.items;

    r->sharing = KNOWN;
    for (size_t i = 0; i < s->permissions.count; i++) {
        if (p[i].group) {
            r->shared = SHARED_PUBLIC;
        } else {
            row_add_name(&r->accounts, p[i].account);
            text_add(&r->accounts_json, r->accounts_json.len ? "," : "");
            text_add_json(&r->accounts_json, p[i].account);
        }
    }
    if (r->accounts.len && r->shared == SHARED_NOT)
        r->shared = SHARED_ACCOUNTS;
}

static int ask_sharing(struct list *l, struct row *r, struct err *e)
{
    struct shares s = { .id = r->snapshot.id };
    int result;

    ec2_describe_sharing(l->service->call, s.id);
    result = service_ask(l->service, take_sharing, &s, e);
    if (result == 0)
        set_sharing(r, &s.sharing);
    ec2_sharing_free(&s.sharing);
    return result;
}

/* A refusal may be about this snapshot alone; some in a row are about all. */
static int sharing_of(struct list *l, struct row *r, struct err *e)
{
    struct err why = ERR_INIT;

    r->sharing = UNKNOWN;
    if (l->refused[DETAIL_SHARING] || !is_own(l, r)
        || resource_kind(r->snapshot.id) != RESOURCE_SNAPSHOT)
        return 0;
    if (ask_sharing(l, r, &why) == 0) {
        l->refusals = 0;
        return 0;
    }
    if (list_is_fatal(&why)) {
        *e = why;
        return -1;
    }
    if (++l->refusals >= REFUSALS_MAX)
        return refused(l, DETAIL_SHARING, &why, e);
    return notes_add(&l->notes, e, "%s: it is not known with whom it is "
                     "shared: %s", r->snapshot.id, why.msg);
}

/* ------------------------------------------------------------------- all */

static int index_rows(struct page *p, struct err *e)
{
    for (size_t i = 0; i < p->n; i++)
        if (names_add(&p->by_id, p->rows[i].snapshot.id, i, e) < 0)
            return -1;
    return 0;
}

int list_details(struct list *l, struct row *rows, size_t n, struct err *e)
{
    struct page p = { l, rows, n, { NULL } };
    int r = index_rows(&p, e);

    if (r == 0 && (places(&p, e) < 0 || locks(&p, e) < 0
                   || tiers(&p, e) < 0))
        r = -1;
    for (size_t i = 0; i < n && r == 0; i++)
        r = sharing_of(l, &rows[i], e);
    names_free(&p.by_id);
    return r;
}
