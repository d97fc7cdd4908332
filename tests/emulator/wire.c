/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "wire.h"

#include <microhttpd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "blocks.h"
#include "delay.h"
#include "request.h"

#define READER_PART 65536 /* what the HTTP library asks for at once */
#define HUGE_MAX (1u << 24) /* MiB */

struct wire {
    struct MHD_Connection *connection;
    struct delay *delay;
    uint8_t *bytes;
    uint64_t len;     /* of the bytes */
    uint64_t claimed; /* Content-Length */
    uint64_t end;     /* where the sending ends */
    uint64_t half;
    int64_t stall_ms; /* at half; 0: not, or not any more */
    bool reset;       /* the end is a reset */
};

void wire_reset(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr none = { .sa_family = AF_UNSPEC };

    /* Dissolving the association resets it, and leaves the descriptor to
     * the library, which would close() it politely. */
    if (info)
        (void)connect(info->connect_fd, &none, sizeof(none));
}

/* What follows the bytes of a huge answer: padding inside a JSON string. */
static size_t fill(const struct wire *w, uint64_t pos, char *buf, size_t n)
{
    static const char tail[] = "\"}";
    uint64_t tail_at = w->claimed - 2;

    memset(buf, 'x', n);
    for (size_t i = 0; i < 2; i++)
        if (tail_at + i >= pos && tail_at + i < pos + n)
            buf[tail_at + i - pos] = tail[i];
    return n;
}

static ssize_t read_some(void *cls, uint64_t pos, char *buf, size_t max)
{
    struct wire *w = cls;
    uint64_t stop = w->end;
    size_t n;

    if (w->stall_ms && pos >= w->half) {
        delay_suspend(w->delay, w->connection, w->stall_ms);
        w->stall_ms = 0;
        return 0;
    }
    if (pos >= w->end) {
        if (w->reset)
            wire_reset(w->connection);
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (w->stall_ms && stop > w->half)
        stop = w->half;
    if (pos < w->len && stop > w->len)
        stop = w->len;
    n = stop - pos < max ? (size_t)(stop - pos) : max;
    if (pos >= w->len)
        return (ssize_t)fill(w, pos, buf, n);
    memcpy(buf, w->bytes + pos, n);
    return (ssize_t)n;
}

static void wire_free(void *cls)
{
    struct wire *w = cls;

    free(w->bytes);
    free(w);
}

static const char huge_start[] =
    "{\"BlockSize\":524288,\"Blocks\":[],\"ExpiryTime\":1.0E10,"
    "\"NextToken\":null,\"VolumeSize\":1,\"Padding\":\"";

static bool copy_body(struct wire *w, const struct request *r)
{
    const struct answer *a = &r->answer;
    const void *from = a->block ? (const void *)a->block : a->body.at;

    w->len = a->block ? BLOCK_SIZE : a->body.len;
    w->claimed = w->len;
    if (effect_on(&r->fx, FX_HUGE)) {
        uint64_t mib = (uint64_t)r->fx.value[FX_HUGE] % HUGE_MAX;

        from = huge_start;
        w->len = sizeof(huge_start) - 1;
        w->claimed = (mib << 20) + w->len + 2;
    }
    w->bytes = malloc(w->len + 1);
    if (!w->bytes)
        return false;
    if (w->len)
        memcpy(w->bytes, from, w->len);
    return true;
}

static uint64_t part_of(int64_t wanted, uint64_t whole)
{
    return wanted < 0 || (uint64_t)wanted > whole ? whole / 2
                                                  : (uint64_t)wanted;
}

static void alter(struct wire *w, const struct request *r)
{
    const struct effects *fx = &r->fx;

    if (effect_on(fx, FX_FLIP) && r->answer.block)
        w->bytes[(uint64_t)fx->value[FX_FLIP] % BLOCK_SIZE] ^= 0x10;
    if (effect_on(fx, FX_SHORT))
        w->claimed = part_of(fx->value[FX_SHORT], w->claimed);
    w->end = w->claimed;
    if (effect_on(fx, FX_TRUNCATE))
        w->end = part_of(fx->value[FX_TRUNCATE], w->claimed);
    w->half = w->claimed / 2;
    if (effect_on(fx, FX_RESET_BODY)) {
        w->end = w->half;
        w->reset = true;
    }
    if (effect_on(fx, FX_STALL_BODY))
        w->stall_ms = fx->value[FX_STALL_BODY] * 1000;
}

static struct MHD_Response *altered(struct request *r,
                                    struct MHD_Connection *c)
{
    struct wire *w = calloc(1, sizeof(*w));
    struct MHD_Response *response;

    if (!w)
        return NULL;
    w->connection = c;
    w->delay = r->server->delay;
    if (!copy_body(w, r)) {
        wire_free(w);
        return NULL;
    }
    alter(w, r);
    response = MHD_create_response_from_callback(w->claimed, READER_PART,
                                                 read_some, w, wire_free);
    if (!response)
        wire_free(w);
    return response;
}

static bool needs_reader(const struct effects *fx)
{
    return fx->set & (UINT64_C(1) << FX_FLIP | UINT64_C(1) << FX_SHORT |
                      UINT64_C(1) << FX_TRUNCATE | UINT64_C(1) << FX_HUGE |
                      UINT64_C(1) << FX_RESET_BODY |
                      UINT64_C(1) << FX_STALL_BODY);
}

/* From the mapped file.  Over loopback sendfile() costs more, not less: it
 * was measured at 1.7 times the processor time of both ends together. */
static struct MHD_Response *block_response(struct request *r)
{
    return MHD_create_response_from_buffer(
        BLOCK_SIZE, (void *)(uintptr_t)r->answer.block,
        MHD_RESPMEM_PERSISTENT);
}

static ssize_t read_text(void *cls, uint64_t pos, char *buf, size_t max)
{
    const struct bytes *text = cls;
    size_t n = text->len - (size_t)pos < max ? text->len - (size_t)pos : max;

    if (n == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    memcpy(buf, text->at + pos, n);
    return (ssize_t)n;
}

static void free_text(void *cls)
{
    bytes_free(cls);
    free(cls);
}

/* Without a length, so that the library sends it in chunks. */
static struct MHD_Response *chunked_response(struct request *r)
{
    struct bytes *text = malloc(sizeof(*text));
    struct MHD_Response *response;

    if (!text)
        return NULL;
    *text = r->answer.body;
    r->answer.body = (struct bytes){ 0 };
    response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, READER_PART, read_text, text, free_text);
    if (!response)
        free_text(text);
    return response;
}

static struct MHD_Response *text_response(struct request *r)
{
    struct bytes *b = &r->answer.body;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        b->len, b->at, b->at ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);

    if (response)
        *b = (struct bytes){ 0 }; /* the response has it now */
    return response;
}

struct MHD_Response *wire_response(struct request *r,
                                   struct MHD_Connection *c)
{
    if (needs_reader(&r->fx))
        return altered(r, c);
    if (r->answer.block)
        return block_response(r);
    return r->answer.chunked ? chunked_response(r) : text_response(r);
}
