/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/requests.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "base/block.h"
#include "base/number.h"
#include "ebs/page.h"

static void get(struct call *c, const char *snapshot, const char *what)
{
    call_reset(c);
    c->service = AWS_EBS;
    c->method = "GET";
    text_addf(&c->path, "/snapshots/%s/%s", snapshot, what);
}

/* The last parameters of both lists, in the order of their names. */
static void add_place(struct call *c, const char *page_token, uint32_t first,
                      unsigned most)
{
    c->pace = PACE_LIST;
    call_query_u64(c, "maxResults", most);
    if (page_token[0])
        call_query(c, "pageToken", page_token);
    else if (first)
        call_query_u64(c, "startingBlockIndex", first);
}

void request_list_of(struct call *c, const char *snapshot,
                     const char *page_token, uint32_t first, unsigned most)
{
    get(c, snapshot, "blocks");
    add_place(c, page_token, first, most);
}

void request_list(struct call *c, const char *snapshot,
                  const char *page_token, uint32_t first)
{
    request_list_of(c, snapshot, page_token, first, PAGE_ENTRIES);
}

void request_changed(struct call *c, const char *first, const char *second,
                     const char *page_token, uint32_t from)
{
    get(c, second, "changedblocks");
    call_query(c, "firstSnapshotId", first);
    add_place(c, page_token, from, PAGE_ENTRIES);
}

void request_block(struct call *c, const char *snapshot, uint32_t index,
                   const char *token)
{
    get(c, snapshot, "blocks");
    c->pace = PACE_BLOCK;
    text_addf(&c->path, "/%" PRIu32, index);
    call_query(c, "blockToken", token);
}

int block_answer(const struct http_answer *a, unsigned char sha256[32],
                 struct err *e)
{
    char buf[64];
    uint64_t n;
    const char *length = http_header(a, "x-amz-Data-Length", buf,
                                     sizeof(buf));

    if (a->len != BLOCK_SIZE || !a->in_place)
        return err_set(e, ERR_SERVICE, 0, "the block has %zu bytes", a->len);
    if (length && (number_parse(length, &n) < 0 || n != BLOCK_SIZE))
        return err_set(e, ERR_SERVICE, 0,
                       "the answer declares a block of %s bytes", buf);
    if (http_header(a, "x-amz-Checksum-Algorithm", buf, sizeof(buf))
        && strcasecmp(buf, "SHA256") != 0)
        return err_set(e, ERR_SERVICE, 0,
                       "the answer has a checksum of kind %s", buf);
    if (!http_header(a, "x-amz-Checksum", buf, sizeof(buf))
        || base64_decode(sha256, 32, buf) < 0)
        return err_set(e, ERR_SERVICE, 0,
                       "the answer has no valid checksum");
    return 0;
}
