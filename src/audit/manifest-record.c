/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/manifest-record.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"

/* Where the parts of a record begin. */
enum {
    AT_INDEX = 0,
    AT_TIME = 4,
    AT_ATTEMPTS = 8,
    AT_CLASS = 10,
    AT_FLAGS = 11,
    AT_REQUEST = 12,
    AT_SHA256 = 28,
    AT_CRC = 60,
};

#define REQUEST_ID 16

enum {
    FLAG_NO_UUID = 1,  /* the request id is no UUID and was left zero */
    FLAG_PROVIDER = 2, /* the digest is the provider's checksum */
    FLAGS = 3,
    AGE_SHIFT = 2,         /* the six bits above the flags */
};

/* Added to the class of a block that a cache has given. */
#define CLASS_CACHED 16u

/* ---- the header */

/* What stands in the text, before the padding. */
#define HEADER_FORM                      \
    "ebsimg block manifest 1\n"          \
    "snapshot: %s\n"                     \
    "volume-size: %" PRIu64 "\n"         \
    "block-size: %" PRIu32 "\n"          \
    "started: %s\n"                      \
    "header-size: 512\n"                 \
    "record-size: 64\n"

#define CRC_FORM "header-crc32: %08lx\n"

uint64_t manifest_blocks(const struct manifest_header *h)
{
    return h->volume_size / h->block_size
        + (h->volume_size % h->block_size != 0);
}

bool manifest_header_check(const struct manifest_header *h)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t n = strnlen(h->snapshot, sizeof(h->snapshot));

    return n > 0 && n < sizeof(h->snapshot)
        && strspn(h->snapshot, plain) == n
        && h->block_size >= 512 && h->block_size <= 64 * MIB
        && h->volume_size > 0 && manifest_blocks(h) <= UINT32_MAX;
}

/* Header text and its CRC-32, then spaces, then a newline: `head -c 512'
 * shows a few lines and nothing odd. */
void manifest_header_encode(const struct manifest_header *h,
                            char out[MANIFEST_HEADER])
{
    char when[CLOCK_TEXT];
    int n = snprintf(out, MANIFEST_HEADER, HEADER_FORM, h->snapshot,
                     h->volume_size, h->block_size,
                     clock_text(when, h->started));

    assert(n > 0 && n < MANIFEST_HEADER - 64);
    n += snprintf(out + n, (size_t)(MANIFEST_HEADER - n), CRC_FORM,
                  crc32(0, (const unsigned char *)out, (unsigned)n));
    memset(out + n, ' ', (size_t)(MANIFEST_HEADER - n));
    out[MANIFEST_HEADER - 1] = '\n';
}

/* Reads loosely, then writes what it understood and compares: so nothing in
 * the 512 bytes can differ without notice. */
int manifest_header_decode(const char in[MANIFEST_HEADER],
                           struct manifest_header *h)
{
    char text[MANIFEST_HEADER + 1];
    char again[MANIFEST_HEADER];
    char when[CLOCK_TEXT] = "";

    memset(h, 0, sizeof(*h));
    memcpy(text, in, MANIFEST_HEADER);
    text[MANIFEST_HEADER] = '\0';
    if (sscanf(text, "ebsimg block manifest 1 snapshot: %71s "
               "volume-size: %20" SCNu64 " block-size: %10" SCNu32
               " started: %31s", h->snapshot, &h->volume_size,
               &h->block_size, when) != 4)
        return -1;
    h->started = clock_parse_iso(when);
    if (!manifest_header_check(h))
        return -1;
    manifest_header_encode(h, again);
    return memcmp(again, in, MANIFEST_HEADER) == 0 ? 0 : -1;
}

/* ---- numbers and request ids */

static void put(unsigned char *at, unsigned bytes, uint64_t v)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (unsigned char)(v >> (8 * i));
}

static uint64_t get(const unsigned char *at, unsigned bytes)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < bytes; i++)
        v |= (uint64_t)at[i] << (8 * i);
    return v;
}

/* What does not fit becomes the largest that does. */
static uint64_t at_most(uint64_t v, uint64_t most)
{
    return v < most ? v : most;
}

static const char uuid_form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

static bool uuid_decode(const char *id, unsigned char out[REQUEST_ID])
{
    char hex[2 * REQUEST_ID + 1];
    size_t n = 0;

    if (strlen(id) != strlen(uuid_form))
        return false;
    for (size_t i = 0; id[i]; i++) {
        if (uuid_form[i] == 'x')
            hex[n++] = id[i];
        else if (id[i] != '-')
            return false;
    }
    hex[n] = '\0';
    return hex_decode(out, REQUEST_ID, hex) == 0;
}

static void uuid_encode(char *id, const unsigned char in[REQUEST_ID])
{
    char hex[2 * REQUEST_ID + 1];
    const char *h = hex;

    hex_encode(hex, in, REQUEST_ID);
    for (const char *f = uuid_form; *f; f++)
        *id++ = *f == 'x' ? *h++ : '-';
    *id = '\0';
}

/* ---- one record */

void manifest_row_encode(const struct manifest_row *row, uint64_t started,
                         unsigned char out[MANIFEST_RECORD])
{
    uint64_t ms = row->time > started
        ? (row->time - started) / NS_PER_MS : 0;
    unsigned char request[REQUEST_ID];
    bool uuid = uuid_decode(row->request_id, request);
    unsigned flags = row->provider ? FLAG_PROVIDER : 0;

    memset(out, 0, MANIFEST_RECORD);
    put(out + AT_INDEX, 4, row->index);
    put(out + AT_TIME, 4, at_most(ms, UINT32_MAX));
    put(out + AT_ATTEMPTS, 2, at_most(row->attempts, UINT16_MAX));
    put(out + AT_CLASS, 1, row->class | (row->cached ? CLASS_CACHED : 0));
    if (uuid)
        memcpy(out + AT_REQUEST, request, REQUEST_ID);
    else
        flags |= FLAG_NO_UUID;
    flags |= (unsigned)at_most(row->age, MANIFEST_AGE_MAX) << AGE_SHIFT;
    put(out + AT_FLAGS, 1, flags);
    /* A block that gave neither data nor checksum has no digest. */
    if (row->class != BLOCK_UNREADABLE || row->provider)
        memcpy(out + AT_SHA256, row->sha256, sizeof(row->sha256));
    put(out + AT_CRC, 4, crc32(0, out, AT_CRC));
}

static bool all_zero(const unsigned char *p, size_t n)
{
    while (n && *p == 0)
        p++, n--;
    return n == 0;
}

/* The rules between the fields of one record. */
static const char *fault_of(const unsigned char *in)
{
    unsigned class = in[AT_CLASS] & ~CLASS_CACHED;
    unsigned flags = in[AT_FLAGS] & FLAGS;
    bool cached = in[AT_CLASS] & CLASS_CACHED;

    if (get(in + AT_CRC, 4) != crc32(0, in, AT_CRC))
        return "its CRC-32 is wrong";
    if (class < BLOCK_STORED || class > BLOCK_UNREADABLE)
        return "its class is unknown";
    if ((flags & FLAG_NO_UUID) && !all_zero(in + AT_REQUEST, REQUEST_ID))
        return "it has a request id and says that it has none";
    if (class == BLOCK_UNREADABLE && in[AT_FLAGS] >> AGE_SHIFT)
        return "it is unreadable and says that an earlier image has it";
    if (cached && (class == BLOCK_UNREADABLE || in[AT_FLAGS] >> AGE_SHIFT))
        return "it is of a cache, and unreadable or of an earlier image";
    if (class == BLOCK_UNREADABLE && !(flags & FLAG_PROVIDER)
        && !all_zero(in + AT_SHA256, 32))
        return "it has the digest of a block that was never read";
    return NULL;
}

const char *manifest_row_decode(const unsigned char in[MANIFEST_RECORD],
                                uint64_t started, struct manifest_row *row)
{
    const char *fault = fault_of(in);

    memset(row, 0, sizeof(*row));
    if (fault)
        return fault;
    row->index = (uint32_t)get(in + AT_INDEX, 4);
    row->time = started + get(in + AT_TIME, 4) * NS_PER_MS;
    row->attempts = (unsigned)get(in + AT_ATTEMPTS, 2);
    row->class = (enum block_class)(in[AT_CLASS] & ~CLASS_CACHED);
    row->cached = in[AT_CLASS] & CLASS_CACHED;
    row->age = in[AT_FLAGS] >> AGE_SHIFT;
    row->provider = in[AT_FLAGS] & FLAG_PROVIDER;
    memcpy(row->sha256, in + AT_SHA256, sizeof(row->sha256));
    if (!(in[AT_FLAGS] & FLAG_NO_UUID))
        uuid_encode(row->request_id, in + AT_REQUEST);
    return NULL;
}

size_t manifest_row_line(const struct manifest_row *row,
                         char out[MANIFEST_LINE])
{
    char hex[2 * MANIFEST_HASH + 1];
    int n;

    hex_encode(hex, row->sha256, MANIFEST_HASH);
    n = snprintf(out, MANIFEST_LINE, "%" PRIu32 " %s\n", row->index,
                 row->class == BLOCK_UNREADABLE ? "unreadable" : hex);
    return (size_t)n;
}
