/* SPDX-License-Identifier: Apache-2.0 */
#include "events/evtx-record.h"

#include <string.h>
#include <zlib.h>

#include "events/evtx-time.h"
#include "fs/bytes.h"

enum {
    RECORD_MIN = 48,
    RECORD_MAX = EVTX_CHUNK - EVTX_CHUNK_HEAD,
    CHUNK_HEAD_SIZE = 128,     /* as its header says */
};

#define TIME_2000 UINT64_C(125911584000000000)
#define TIME_2100 UINT64_C(157469184000000000)

static const unsigned char mark[] = { '*', '*', 0, 0 };
static const unsigned char fragment[] = { 0x0f, 1, 1, 0 };

bool evtx_record_at(struct evtx_record *r, const unsigned char *p, size_t n)
{
    uint32_t size;
    uint64_t time;

    if (n < EVTX_RECORD_HEAD + 4 || memcmp(p, mark, 4) != 0)
        return false;
    size = le32_at(p + 4);
    time = le64_at(p + 16);
    if (size < RECORD_MIN || size > RECORD_MAX || size % 8
        || time < TIME_2000 || time >= TIME_2100
        || memcmp(p + EVTX_RECORD_HEAD, fragment, 4) != 0)
        return false;
    r->size = size <= n && le32_at(p + size - 4) == size ? size : 0;
    r->id = le64_at(p + 8);
    r->time = evtx_time(time);
    return true;
}

bool evtx_record_place(const unsigned char *p, size_t size, size_t *before)
{
    const unsigned char *instance = p + EVTX_RECORD_HEAD + 4;
    const size_t inside = EVTX_RECORD_HEAD + 4 + 10; /* of its template */
    uint32_t at;

    if (size < inside + 24 || instance[0] != 0x0c)
        return false;
    at = le32_at(instance + 6);
    /* Its number is the beginning of its GUID. */
    if (at < EVTX_CHUNK_HEAD + inside || at > EVTX_CHUNK
        || le32_at(instance + 2) != le32_at(p + inside + 4))
        return false;
    *before = at - inside;
    return true;
}

static bool has_sum(const unsigned char *p, size_t n, uint32_t sum)
{
    return (uint32_t)crc32(0, p, (uInt)n) == sum;
}

/* Of the header without its flags and the sum. */
static bool head_is_right(const unsigned char *p)
{
    uLong sum = crc32(0, p, 120);

    sum = crc32(sum, p + 128, EVTX_CHUNK_HEAD - 128);
    return (uint32_t)sum == le32_at(p + 124);
}

bool evtx_chunk_at(struct evtx_chunk *c, const unsigned char *p, size_t n)
{
    uint32_t last, end;

    if (n < EVTX_CHUNK_HEAD || memcmp(p, "ElfChnk", 8) != 0)
        return false;
    last = le32_at(p + 44);
    end = le32_at(p + 48);
    if (le32_at(p + 40) != CHUNK_HEAD_SIZE || end < EVTX_CHUNK_HEAD
        || end > EVTX_CHUNK || last > end)
        return false;
    c->free = end;
    c->last_id = le64_at(p + 32);
    c->is_cut = n < EVTX_CHUNK;
    c->head_is_right = head_is_right(p);
    c->records_are_right = n >= end
        && has_sum(p + EVTX_CHUNK_HEAD, end - EVTX_CHUNK_HEAD,
                   le32_at(p + 52));
    return true;
}
