/* SPDX-License-Identifier: Apache-2.0 */
#include "events/journal-object.h"

#include <string.h>

#include "fs/bytes.h"

enum {
    DATA = 1, ENTRY = 3, TYPES = 7,
    HEAD = 16,                 /* of each object */
    HEADER_MIN = 208,          /* of a file, by its first format */
    DATA_HEAD = 64, DATA_HEAD_COMPACT = 72,
    DATA_COMPRESSED = JOURNAL_XZ | JOURNAL_LZ4 | 4, /* of an object: zstd */
    NAME_MAX_BYTES = 64,       /* of a field: systemd allows no more */
};

#define TIME_2000 (UINT64_C(946684800) * 1000000)
#define TIME_2100 (UINT64_C(4102444800) * 1000000)
#define SMALL (UINT64_C(1) << 48)

bool journal_header_at(struct journal_header *h, const unsigned char *p,
                       size_t n)
{
    uint64_t size;

    if (n < HEADER_MIN || memcmp(p, "LPKSHHRH", 8) != 0)
        return false;
    size = le64_at(p + 88);
    if (size < HEADER_MIN || size > 4096 || size % 8)
        return false;
    h->features = le32_at(p + 12);
    return true;
}

static bool is_zero(const unsigned char *p, size_t n)
{
    while (n && *p == 0)
        p++, n--;
    return n == 0;
}

bool journal_entry_at(struct journal_entry *v, const unsigned char *p,
                      size_t n)
{
    uint64_t size, time;

    if (n < JOURNAL_ENTRY_HEAD || p[0] != ENTRY || !is_zero(p + 1, 7))
        return false;
    size = le64_at(p + 8);
    time = le64_at(p + 24);
    if (size <= JOURNAL_ENTRY_HEAD || size > JOURNAL_ENTRY_MAX || size > n
        || size % 4)
        return false;
    v->size = (size_t)size;
    v->seqnum = le64_at(p + 16);
    v->realtime = (int64_t)time;
    v->hash = le64_at(p + 56);
    v->items = p + JOURNAL_ENTRY_HEAD;
    v->items_size = v->size - JOURNAL_ENTRY_HEAD;
    return v->seqnum > 0 && v->seqnum < SMALL && time >= TIME_2000
        && time < TIME_2100 && le64_at(p + 32) < SMALL;
}

size_t journal_items(const struct journal_entry *v, bool compact)
{
    size_t size = compact ? 4 : 16;

    return v->items_size % size ? 0 : v->items_size / size;
}

uint64_t journal_item(const struct journal_entry *v, bool compact, size_t i)
{
    return compact ? le32_at(v->items + 4 * i) : le64_at(v->items + 16 * i);
}

/* Capitals, digits and "_", then "=". */
static bool is_field(const unsigned char *p, size_t n)
{
    size_t i = 0;

    while (i < n && i <= NAME_MAX_BYTES
           && ((p[i] >= 'A' && p[i] <= 'Z') || (p[i] >= '0' && p[i] <= '9')
               || p[i] == '_'))
        i++;
    return i > 0 && i < n && p[i] == '=';
}

bool journal_data_at(struct journal_data *d, const unsigned char *p, size_t n,
                     bool compact)
{
    size_t head = compact ? DATA_HEAD_COMPACT : DATA_HEAD;
    uint64_t size;

    if (n < head || p[0] != DATA || (p[1] & ~DATA_COMPRESSED)
        || !is_zero(p + 2, 6))
        return false;
    size = le64_at(p + 8);
    if (size <= head || size > n)
        return false;
    d->size = (size_t)size;
    d->is_compressed = p[1] != 0;
    d->hash = le64_at(p + 16);
    d->first_entry = le64_at(p + 40);
    d->payload = p + head;
    d->payload_size = d->size - head;
    return d->is_compressed || is_field(d->payload, d->payload_size);
}

bool journal_object_at(const unsigned char *p, size_t n)
{
    if (n < HEAD)
        return is_zero(p, n);
    if (is_zero(p, HEAD))
        return true;
    return p[0] > 0 && p[0] <= TYPES && !(p[1] & ~DATA_COMPRESSED)
        && is_zero(p + 2, 6) && le64_at(p + 8) >= HEAD;
}
