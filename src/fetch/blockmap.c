/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/blockmap.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"


/* A page is asked for while at least this many entries are left, so that
 * listing hides behind fetching: 4 seconds at the service's own ceiling. */
#define LOW_WATER 4000

/* Empty pages with a token are legal; a list of nothing else is a loop. */
#define EMPTY_PAGES_MAX 500

struct page {
    struct listing listing;
    size_t taken;
    struct page *next;
};

struct blockmap {
    uint64_t volume_gib;
    bool size_told;           /* by a page */
    struct page *first, *last;
    uint64_t waiting;         /* entries that are known and not taken */
    uint64_t listed;
    uint64_t pages;
    uint64_t empty_pages;     /* in a row */
    bool any;                 /* `newest' says something */
    uint32_t newest;          /* highest index listed */
    bool any_taken;
    uint32_t newest_taken;
    char token[TOKEN_MAX + 1];
    bool complete;
    /* Indexes that were listed and forgotten by blockmap_relist(), ascending:
     * the new list must have them again. */
    uint32_t *owed;
    size_t nowed;
};

struct blockmap *blockmap_new(uint64_t volume_gib, struct err *e)
{
    struct blockmap *m = calloc(1, sizeof(*m));

    if (!m) {
        err_nomem(e);
        return NULL;
    }
    m->volume_gib = volume_gib;
    return m;
}

void blockmap_begin_at(struct blockmap *m, uint32_t index, uint64_t listed)
{
    assert(m->pages == 0 && m->listed == 0);
    if (index == 0)
        return;
    m->any = m->any_taken = true;
    m->newest = m->newest_taken = index - 1;
    m->listed = listed;
}

static void drop_first_page(struct blockmap *m)
{
    struct page *p = m->first;

    m->first = p->next;
    if (!m->first)
        m->last = NULL;
    listing_free(&p->listing);
    free(p);
}

void blockmap_free(struct blockmap *m)
{
    if (!m)
        return;
    while (m->first)
        drop_first_page(m);
    free(m->owed);
    free(m);
}

static int check_size(const struct blockmap *m, const struct listing *page,
                      struct err *e)
{
    if (page->volume_gib && m->volume_gib
        && page->volume_gib != m->volume_gib)
        return err_set(e, ERR_SERVICE, 0,
                       "the list says that the volume has %" PRIu64
                       " GiB, but it was said to have %" PRIu64 " GiB",
                       page->volume_gib, m->volume_gib);
    if ((page->count || !page->next[0]) && !m->volume_gib
        && !page->volume_gib)
        return err_set(e, ERR_SERVICE, 0,
                       "the list does not say how large the volume is");
    return 0;
}

static int check_order(const struct blockmap *m, const struct listing *page,
                       struct err *e)
{
    uint64_t gib = m->volume_gib ? m->volume_gib : page->volume_gib;
    uint32_t first, last;

    if (page->count == 0)
        return 0;
    first = page->entries[0].index;
    last = page->entries[page->count - 1].index;
    if (m->any && first <= m->newest)
        return err_set(e, ERR_SERVICE, 0,
                       "the list of blocks makes no sense: block %" PRIu32
                       " comes after block %" PRIu32, first, m->newest);
    if (last >= gib * BLOCKS_PER_GIB)
        return err_set(e, ERR_SERVICE, 0,
                       "the list of blocks makes no sense: block %" PRIu32
                       " lies past the end of the volume (%" PRIu64 " GiB)",
                       last, gib);
    return 0;
}

static bool has_index(const struct listing *page, uint32_t index)
{
    size_t lo = 0;
    size_t hi = page->count;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (page->entries[mid].index < index)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < page->count && page->entries[lo].index == index;
}

/* How many of the owed indexes this page should have: those up to its last
 * entry, or all when the list ends with it. */
static size_t due(const struct blockmap *m, const struct listing *page)
{
    size_t n = 0;

    if (!page->next[0])
        return m->nowed;
    while (page->count && n < m->nowed
           && m->owed[n] <= page->entries[page->count - 1].index)
        n++;
    return n;
}

static int check_owed(const struct blockmap *m, const struct listing *page,
                      struct err *e)
{
    size_t n = due(m, page);

    for (size_t i = 0; i < n; i++)
        if (!has_index(page, m->owed[i]))
            return err_set(e, ERR_SERVICE, 0,
                           "block %" PRIu32 " was listed before and is not "
                           "any more", m->owed[i]);
    return 0;
}

static void settle(struct blockmap *m, size_t n)
{
    if (n == 0)
        return;
    m->nowed -= n;
    memmove(m->owed, m->owed + n, m->nowed * sizeof(*m->owed));
}

static int check_progress(struct blockmap *m, const struct listing *page,
                          struct err *e)
{
    if (page->count || !page->next[0]) {
        m->empty_pages = 0;
        return 0;
    }
    if (m->token[0] && strcmp(page->next, m->token) == 0)
        return err_set(e, ERR_SERVICE, 0,
                       "the list of blocks makes no sense: it answers a "
                       "page token with the same token and no blocks");
    if (++m->empty_pages > EMPTY_PAGES_MAX)
        return err_set(e, ERR_SERVICE, 0,
                       "the list of blocks never ends: %d empty pages in "
                       "a row", EMPTY_PAGES_MAX);
    return 0;
}

static int append(struct blockmap *m, struct listing *page, struct err *e)
{
    struct page *p = calloc(1, sizeof(*p));

    if (!p)
        return err_nomem(e);
    p->listing = *page;
    memset(page, 0, sizeof(*page));
    if (m->last)
        m->last->next = p;
    else
        m->first = p;
    m->last = p;
    m->any = true;
    m->newest = p->listing.entries[p->listing.count - 1].index;
    m->waiting += p->listing.count;
    m->listed += p->listing.count;
    return 0;
}

int blockmap_add(struct blockmap *m, struct listing *page, struct err *e)
{
    char next[TOKEN_MAX + 1];
    uint64_t gib = page->volume_gib;
    size_t owed;

    assert(!m->complete);
    strcpy(next, page->next);
    owed = due(m, page);
    if (check_size(m, page, e) < 0 || check_order(m, page, e) < 0
        || check_owed(m, page, e) < 0 || check_progress(m, page, e) < 0
        || (page->count && append(m, page, e) < 0)) {
        listing_free(page);
        return -1;
    }
    listing_free(page);
    settle(m, owed);
    if (gib)
        m->volume_gib = gib;
    m->size_told |= gib != 0;
    strcpy(m->token, next);
    m->complete = !next[0];
    m->pages++;
    return 0;
}

bool blockmap_wants_page(const struct blockmap *m)
{
    return !m->complete && m->waiting < LOW_WATER;
}

const char *blockmap_page_token(const struct blockmap *m)
{
    return m->token;
}

uint32_t blockmap_next_index(const struct blockmap *m)
{
    return m->any ? m->newest + 1 : 0;
}

/* What was listed before and is not of interest is owed no more. */
void blockmap_skip_to(struct blockmap *m, uint32_t index)
{
    size_t n = 0;

    if (index <= blockmap_next_index(m))
        return;
    while (n < m->nowed && m->owed[n] < index)
        n++;
    settle(m, n);
    m->any = true;
    m->newest = index - 1;
    m->token[0] = '\0';
}

void blockmap_end(struct blockmap *m)
{
    m->nowed = 0;
    m->complete = true;
}

void blockmap_drop_page_token(struct blockmap *m)
{
    m->token[0] = '\0';
}

/* What waits was listed before what was owed already: a list that is owed
 * again has not come so far yet. */
static int owe_waiting(struct blockmap *m, struct err *e)
{
    uint32_t *owed = calloc(m->waiting + m->nowed + 1, sizeof(*owed));
    size_t n = 0;

    if (!owed)
        return err_nomem(e);
    for (const struct page *p = m->first; p; p = p->next)
        for (size_t i = p->taken; i < p->listing.count; i++)
            owed[n++] = p->listing.entries[i].index;
    if (m->nowed)
        memcpy(owed + n, m->owed, m->nowed * sizeof(*owed));
    free(m->owed);
    m->owed = owed;
    m->nowed += n;
    return 0;
}

int blockmap_relist(struct blockmap *m, struct err *e)
{
    if (owe_waiting(m, e) < 0)
        return -1;
    m->listed -= m->waiting;
    while (m->first)
        drop_first_page(m);
    m->waiting = 0;
    m->any = m->any_taken;
    m->newest = m->newest_taken;
    m->token[0] = '\0';
    m->complete = false;
    return 0;
}

bool blockmap_peek(const struct blockmap *m, uint32_t *index)
{
    if (!m->first)
        return false;
    *index = m->first->listing.entries[m->first->taken].index;
    return true;
}

void blockmap_take(struct blockmap *m, uint32_t *index, char *token)
{
    struct page *p = m->first;
    const struct listing_entry *x = &p->listing.entries[p->taken++];

    *index = x->index;
    strcpy(token, p->listing.tokens + x->token);
    m->any_taken = true;
    m->newest_taken = x->index;
    m->waiting--;
    if (p->taken == p->listing.count)
        drop_first_page(m);
}

bool blockmap_done(const struct blockmap *m)
{
    return m->complete && !m->first;
}

bool blockmap_complete(const struct blockmap *m)
{
    return m->complete;
}

uint64_t blockmap_volume_size(const struct blockmap *m)
{
    return m->volume_gib * GIB;
}

bool blockmap_size_told(const struct blockmap *m)
{
    return m->size_told;
}

uint64_t blockmap_listed(const struct blockmap *m)
{
    return m->listed;
}

uint64_t blockmap_pages(const struct blockmap *m)
{
    return m->pages;
}
