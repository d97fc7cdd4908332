/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/hits.h"

#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "base/text.h"

#define SUBJECT_MAX 64u

const char *const hit_state_names[HIT_STATES] = {
    [HIT_FOUND] = "found", [HIT_NEW] = "new", [HIT_GONE] = "gone",
    [HIT_MOVED] = "moved", [HIT_COPY_NEW] = "copy-new",
    [HIT_COPY_GONE] = "copy-gone", [HIT_UNCHANGED] = "unchanged",
    [HIT_UNCLEAR] = "unclear",
};

/* ------------------------------------------------------------------ adding */

static char printable(unsigned char c)
{
    return (char)(c >= ' ' && c < 127 ? c : '?');
}

static void show_some(struct hit *h, const struct hit_text *t)
{
    memset(h->shown, 0, sizeof(h->shown));
    if (t->secret_len < HIT_SHOWN_FROM)
        return;
    for (size_t i = 0; i < HIT_SHOWN; i++)
        h->shown[i] = printable(t->secret[i]);
}

/* Names of people are short, those of hosts have dots; a token that stands
 * where a name is expected is neither. */
static bool may_be_secret(const unsigned char *subject, size_t n)
{
    return n >= HIT_SUBJECT_LONG && !memchr(subject, '.', n);
}

static int withhold(struct hit *h, struct err *e)
{
    free(h->subject);
    h->subject = strdup(HIT_WITHHELD);
    return h->subject ? 0 : err_nomem(e);
}

static int copy_subject(struct hit *h, const struct hit_text *t,
                        struct err *e)
{
    /* Whatever it is, there is room for HIT_WITHHELD in its place. */
    size_t n = t->subject_len < SUBJECT_MAX ? t->subject_len : SUBJECT_MAX;

    if (!n)
        return 0;
    if (may_be_secret(t->subject, t->subject_len))
        return withhold(h, e);
    h->subject = calloc(1, n + sizeof(HIT_WITHHELD));
    if (!h->subject)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++)
        h->subject[i] = printable(t->subject[i]);
    return 0;
}

static int copy_secret(struct hits *s, struct hit *h,
                       const struct hit_text *t, struct err *e)
{
    if (!s->keep_secrets)
        return 0;
    h->secret = malloc(t->secret_len + 1);
    if (!h->secret)
        return err_nomem(e);
    memcpy(h->secret, t->secret, t->secret_len);
    s->kept += t->secret_len;
    return 0;
}

static int make_room(struct hits *s, struct err *e)
{
    size_t room = s->room ? s->room * 2 : 64;
    struct hit *list;

    if (s->count < s->room)
        return 0;
    list = reallocarray(s->list, room, sizeof(*list));
    if (!list)
        return err_nomem(e);
    s->list = list;
    s->room = room;
    return 0;
}

int hits_add(struct hits *s, const struct hit *h, const struct hit_text *t,
             struct err *e)
{
    struct hit *mine;

    if (s->count == HITS_MAX
        || (s->keep_secrets && s->kept + t->secret_len > HITS_SECRETS_MAX)) {
        s->dropped++;
        return 0;
    }
    if (make_room(s, e) < 0)
        return -1;
    mine = &s->list[s->count++];
    *mine = *h;
    mine->subject = NULL;
    mine->secret = NULL;
    mine->hidden = false;
    mine->characters = (uint32_t)t->secret_len;
    hash_sha256(t->secret, t->secret_len, mine->sha256);
    show_some(mine, t);
    return copy_subject(mine, t, e) < 0 ? -1 : copy_secret(s, mine, t, e);
}

static void clear(struct hit *h)
{
    free(h->subject);
    if (h->secret)
        secret_wipe(h->secret, h->characters);
    free(h->secret);
    *h = (struct hit){ 0 };
}

void hits_free(struct hits *s)
{
    for (size_t i = 0; i < s->count; i++)
        clear(&s->list[i]);
    free(s->list);
    *s = (struct hits){ 0 };
}

/* ------------------------------------------------------------------ orders */

#define ORDER(a, b) if ((a) != (b)) return (a) < (b) ? -1 : 1

/* One place after the other; of one place the rule that counts first. */
static int by_place(const void *pa, const void *pb)
{
    const struct hit *a = pa;
    const struct hit *b = pb;

    ORDER(a->side, b->side);
    ORDER(a->offset, b->offset);
    ORDER(b->length, a->length);
    ORDER(a->rule, b->rule);
    return 0;
}

static int by_rule(const void *pa, const void *pb)
{
    const struct hit *a = pa;
    const struct hit *b = pb;

    ORDER(a->side, b->side);
    ORDER(a->rule, b->rule);
    ORDER(a->encoding, b->encoding);
    ORDER(a->match, b->match);
    ORDER(b->match_end, a->match_end);
    return 0;
}

static int by_secret(const void *pa, const void *pb)
{
    const struct hit *a = pa;
    const struct hit *b = pb;
    int r = memcmp(a->sha256, b->sha256, sizeof(a->sha256));

    if (r)
        return r;
    ORDER(a->apart, b->apart);
    if (a->apart)
        ORDER(a->rule, b->rule);
    return by_place(pa, pb);
}

/* Those that others precede come first. */
static int by_kind(const void *pa, const void *pb)
{
    const struct hit *a = pa;
    const struct hit *b = pb;

    ORDER(a->apart, b->apart);
    return by_place(pa, pb);
}

static int by_offset(const void *pa, const void *pb)
{
    const struct hit *a = pa;
    const struct hit *b = pb;

    ORDER(a->offset, b->offset);
    return by_place(pa, pb);
}

static void sort(struct hits *s, int (*order)(const void *, const void *))
{
    if (s->count)
        qsort(s->list, s->count, sizeof(*s->list), order);
}

/* --------------------------------------------------------------- subjects */

/* How far the secrets reach that begin up to here.  In the order of places. */
static void measure_reach(struct hits *s)
{
    for (size_t i = 0; i < s->count; i++) {
        struct hit *h = &s->list[i];
        const struct hit *before = i ? h - 1 : NULL;

        h->reach = h->offset + h->length;
        if (before && before->side == h->side && before->reach > h->reach)
            h->reach = before->reach;
    }
}

/* The last one of this side that begins before the place, or NULL. */
static const struct hit *last_before(const struct hits *s, unsigned side,
                                     uint64_t place)
{
    size_t low = 0, high = s->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct hit *h = &s->list[middle];

        if (h->side < side || (h->side == side && h->offset < place))
            low = middle + 1;
        else
            high = middle;
    }
    return low && s->list[low - 1].side == side ? &s->list[low - 1] : NULL;
}

/* Some rules show a part of what they find: the name in a line of passwd. */
static bool is_part_of_its_own(const struct hit *h)
{
    return h->subject_at >= h->offset
        && h->subject_end <= h->offset + h->length;
}

/* A subject that is a part of a secret which another rule knows.  That one may
 * be thinned out later, and is a secret all the same. */
static void withhold_secrets(struct hits *s)
{
    measure_reach(s);
    for (size_t i = 0; i < s->count; i++) {
        struct hit *h = &s->list[i];
        const struct hit *x;

        if (!h->subject || h->subject_at == h->subject_end
            || is_part_of_its_own(h))
            continue;
        x = last_before(s, h->side, h->subject_end);
        if (x && x->reach > h->subject_at)
            memcpy(h->subject, HIT_WITHHELD, sizeof(HIT_WITHHELD));
    }
}

/* ---------------------------------------------------------------- doubles */

enum stays { BOTH, FIRST, SECOND };

/* Of two neighbours in the order one may know what the other knows better. */
static void thin(struct hits *s,
                 enum stays (*which)(const struct hit *, const struct hit *))
{
    size_t n = 0;

    for (size_t i = 0; i < s->count; i++) {
        enum stays w = n ? which(&s->list[n - 1], &s->list[i]) : BOTH;

        if (w == FIRST) {
            clear(&s->list[i]);
            continue;
        }
        if (w == SECOND)
            clear(&s->list[--n]);
        s->list[n++] = s->list[i];
    }
    s->count = n;
}

/* Two windows can divide a long text differently between its matches.  A rule
 * that is apart has several strings, which may lie over each other: only the
 * same place is the same hit. */
static enum stays of_one_rule(const struct hit *a, const struct hit *b)
{
    if (a->side != b->side || a->rule != b->rule
        || a->encoding != b->encoding)
        return BOTH;
    if (a->apart)
        return a->match == b->match && a->match_end == b->match_end ? FIRST
                                                                    : BOTH;
    return b->match < a->match_end ? FIRST : BOTH;
}

/* Two rules know the same secret, or one of them a part of it.  One that knows
 * what it is counts more than one that knows its surroundings. */
static enum stays of_one_place(const struct hit *a, const struct hit *b)
{
    uint64_t end = a->offset + a->length;

    if (a->side != b->side || b->offset >= end || b->apart)
        return BOTH;
    if (a->fuzzy != b->fuzzy)
        return a->fuzzy ? SECOND : FIRST;
    return b->offset + b->length <= end ? FIRST : BOTH;
}

/* ----------------------------------------------------------------- judging */

/* The hits of one secret: those of A, then those of B, both by offset. */
struct places {
    struct hit *a, *b;
    size_t na, nb;
};

static bool same_text(const struct hit *a, const struct hit *b)
{
    return a->encoding == b->encoding && a->offset == b->offset;
}

/* Those that stayed where they were: B's tells it. */
static void settle(struct places *p)
{
    size_t k = 0;

    for (size_t i = 0; i < p->nb; i++) {
        while (k < p->na && p->a[k].offset < p->b[i].offset)
            k++;
        if (k == p->na || !same_text(&p->a[k], &p->b[i]))
            continue;
        p->a[k].hidden = true;
        p->b[i].state = HIT_UNCHANGED;
    }
}

static size_t next_open(const struct hit *list, size_t n, size_t i)
{
    while (i < n && (list[i].hidden || list[i].state == HIT_UNCHANGED))
        i++;
    return i;
}

/* Of what is left the first of A became the first of B, and so on. */
static void pair(struct places *p)
{
    size_t i = next_open(p->a, p->na, 0);
    size_t k = next_open(p->b, p->nb, 0);

    for (; i < p->na && k < p->nb;
         i = next_open(p->a, p->na, i + 1),
         k = next_open(p->b, p->nb, k + 1)) {
        p->b[k].state = HIT_MOVED;
        p->b[k].other = p->a[i].offset;
        p->a[i].hidden = true;
    }
    for (; i < p->na; i = next_open(p->a, p->na, i + 1))
        p->a[i].state = p->nb ? HIT_COPY_GONE : HIT_GONE;
    for (; k < p->nb; k = next_open(p->b, p->nb, k + 1))
        p->b[k].state = p->na ? HIT_COPY_NEW : HIT_NEW;
}

static void judge_secret(struct hit *list, size_t n)
{
    struct places p = { .a = list };

    while (p.na < n && list[p.na].side == 0)
        p.na++;
    p.b = list + p.na;
    p.nb = n - p.na;
    settle(&p);
    pair(&p);
}

/* Of the same rule, where these are apart. */
static bool is_same_secret(const struct hit *a, const struct hit *b)
{
    return memcmp(a->sha256, b->sha256, sizeof(a->sha256)) == 0
        && a->apart == b->apart && (!a->apart || a->rule == b->rule);
}

static void judge_pairs(struct hits *s)
{
    size_t from = 0;

    sort(s, by_secret);
    for (size_t i = 0; i < s->count; i++)
        s->list[i].state = HIT_FOUND;
    for (size_t i = 1; i <= s->count; i++) {
        if (i < s->count && is_same_secret(&s->list[i], &s->list[from]))
            continue;
        judge_secret(&s->list[from], i - from);
        from = i;
    }
}

/* Nothing is said of what nobody could look at. */
static void doubt(struct hits *s,
                  bool (*lost)(void *ctx, unsigned side, uint64_t from,
                               uint64_t to),
                  void *ctx)
{
    for (size_t i = 0; i < s->count; i++) {
        struct hit *h = &s->list[i];

        if (!h->hidden && h->state != HIT_UNCHANGED
            && lost(ctx, 1u - h->side, h->match, h->match_end))
            h->state = HIT_UNCLEAR;
    }
}

void hits_judge(struct hits *s, unsigned sides,
                bool (*lost)(void *ctx, unsigned side, uint64_t from,
                             uint64_t to),
                void *ctx)
{
    sort(s, by_place);
    withhold_secrets(s);
    sort(s, by_rule);
    thin(s, of_one_rule);
    sort(s, by_kind);
    thin(s, of_one_place);
    if (sides == 2) {
        judge_pairs(s);
        doubt(s, lost, ctx);
    }
    sort(s, by_offset);
    for (size_t i = 0; i < s->count; i++)
        if (!s->list[i].hidden)
            s->states[s->list[i].state]++;
}
