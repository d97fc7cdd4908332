/* SPDX-License-Identifier: Apache-2.0 */
#include "events/journal-origin.h"

#include <string.h>

#include "events/lookup3.h"
#include "fs/bytes.h"

/* Of each byte given, so many may be hashed: that is ten times what journals
 * of busy machines take. */
#define HASHED_PER_BYTE 64u

void journal_origin_init(struct journal_bytes *b, const unsigned char *bytes,
                         size_t size)
{
    memset(b, 0, sizeof(*b));
    b->bytes = bytes;
    b->size = size;
    b->budget = (uint64_t)size * HASHED_PER_BYTE;
}

void journal_origin_met(struct journal_bytes *b, size_t at)
{
    b->recent[b->met++ % JOURNAL_RECENT] = at;
}

static bool spend(struct journal_bytes *b, size_t n)
{
    if (n > b->budget)
        return false;
    b->budget -= n;
    return true;
}

/* False: the offset is not in the bytes, or something else is there. */
static bool data_of(const struct journal_bytes *b, uint64_t offset,
                    struct journal_data *d)
{
    int64_t at = b->origin + (int64_t)(offset & INT64_MAX / 2);

    return offset > 0 && offset <= INT64_MAX / 2 && at >= 0
        && (uint64_t)at < b->size
        && journal_data_at(d, b->bytes + at, b->size - (size_t)at,
                           b->compact);
}

static bool has_item(const struct journal_entry *v, bool compact,
                     uint64_t offset)
{
    size_t n = journal_items(v, compact);

    for (size_t i = 0; i < n; i++)
        if (journal_item(v, compact, i) == offset)
            return true;
    return false;
}

/* The entry that brought it into the file is in the bytes, and names it. */
static bool is_linked(struct journal_bytes *b, uint64_t offset,
                      const struct journal_data *d)
{
    int64_t at = d->first_entry <= INT64_MAX / 2
        ? b->origin + (int64_t)d->first_entry : -1;
    struct journal_entry v;

    return at >= 0 && (uint64_t)at < b->size
        && journal_entry_at(&v, b->bytes + at, b->size - (size_t)at)
        && spend(b, v.items_size) && has_item(&v, b->compact, offset);
}

/* What the data of an entry say of it, while they are gone through. */
struct proof {
    struct journal_fields all; /* proven or not */
    uint64_t hash;
    unsigned own, linked;
    bool is_hashed;            /* nothing was left out */
};

/* Is it proven to be of the file that begins at the origin?  Where items have
 * hashes, it is what the item says (they are not compact). */
static bool prove(struct journal_bytes *b, const struct journal_entry *v,
                  size_t at, size_t i, const struct journal_data *d,
                  struct proof *p)
{
    if (!b->compact) {
        p->own += 2;
        return true;
    }
    if ((int64_t)d->first_entry == (int64_t)at - b->origin) {
        p->own++;
        return true;
    }
    if (b->is_file)
        return true;
    if (!is_linked(b, journal_item(v, true, i), d))
        return false;
    p->linked++;
    return true;
}

/* Item i is this. */
static void add_data(struct journal_bytes *b, const struct journal_entry *v,
                     size_t at, size_t i, const struct journal_data *d,
                     struct journal_found *f, struct proof *p)
{
    bool is_own;

    if (!b->compact && le64_at(v->items + 16 * i + 8) != d->hash) {
        f->missing++;
        return;
    }
    is_own = prove(b, v, at, i, d, p);
    f->landed++;
    f->unproven += !is_own;
    if (d->is_compressed) {
        f->compressed++;
        return;
    }
    journal_fields_add(&p->all, d);
    if (is_own)
        journal_fields_add(&f->fields, d);
    if (spend(b, d->payload_size))
        p->hash ^= lookup3_of(d->payload, d->payload_size);
    else
        p->is_hashed = false;
}

static void judge(const struct journal_bytes *b, const struct journal_entry *v,
                  struct journal_found *f, struct proof *p)
{
    bool is_whole = p->is_hashed && f->landed > 0 && !f->missing
        && !f->compressed;

    f->is_altered = is_whole && p->hash != v->hash;
    f->is_proven = b->is_file || (is_whole && !f->is_altered)
        || (p->own > 0 && p->own + p->linked >= 2);
    if (is_whole && !f->is_altered) {
        f->fields = p->all;
        f->unproven = 0;
    }
}

/* With the origin that is set. */
static void read_items(struct journal_bytes *b, size_t at,
                       const struct journal_entry *v, struct journal_found *f)
{
    size_t n = journal_items(v, b->compact);
    struct proof p = { .is_hashed = true };

    memset(f, 0, sizeof(*f));
    for (size_t i = 0; i < n; i++) {
        struct journal_data d;

        if (data_of(b, journal_item(v, b->compact, i), &d))
            add_data(b, v, at, i, &d, f, &p);
        else
            f->missing++;
    }
    judge(b, v, f, &p);
}

/* The data at `where' came into the file by this entry, as both say?  Then
 * that tells where the file begins. */
static bool try_recent(struct journal_bytes *b, size_t at, size_t where,
                       const struct journal_entry *v)
{
    struct journal_data d;

    if (!journal_data_at(&d, b->bytes + where, b->size - where, b->compact)
        || d.first_entry == 0 || d.first_entry % 8
        || d.first_entry > INT64_MAX || d.first_entry < at - where)
        return false;
    if (!has_item(v, b->compact, d.first_entry - (at - where)))
        return false;
    b->origin = (int64_t)at - (int64_t)d.first_entry;
    b->has_origin = true;
    return true;
}

/* From what lies before it, the nearest first. */
static bool solve(struct journal_bytes *b, size_t at,
                  const struct journal_entry *v, struct journal_found *f)
{
    unsigned count = b->met < JOURNAL_RECENT ? b->met : JOURNAL_RECENT;

    for (unsigned i = 1; i <= count; i++) {
        size_t where = b->recent[(b->met - i) % JOURNAL_RECENT];

        if (!try_recent(b, at, where, v))
            continue;
        read_items(b, at, v, f);
        if (f->is_proven)
            return true;
    }
    return false;
}

void journal_origin_find(struct journal_bytes *b, size_t at,
                         const struct journal_entry *v,
                         struct journal_found *f)
{
    memset(f, 0, sizeof(*f));
    if (b->is_closed)
        return;
    if (b->has_origin)
        read_items(b, at, v, f);
    if (f->is_proven || b->is_file)
        return;
    for (int i = 0; i < 2; i++) {
        b->compact = i == 0;
        if (solve(b, at, v, f))
            return;
    }
    b->has_origin = false;
    memset(f, 0, sizeof(*f));
}
