/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/reply.h"

#include <string.h>

#include "base/thread.h"
#include "serve/nbd.h"
#include "serve/wire.h"

#define CHUNK_HEAD 20
#define WHY_MAX 1024u

static bool send_both(struct replies *to, const void *head, size_t head_n,
                      const void *body, size_t n)
{
    AUTOLOCK(&to->sending);

    return wire_write_both(to->wire, head, head_n, body, n);
}

static struct message chunk(unsigned char *head, const struct request *r,
                            bool done, unsigned type, uint32_t len)
{
    struct message m = { head };

    wire_put32(&m, NBD_CHUNK_MAGIC);
    wire_put16(&m, done ? NBD_CHUNK_DONE : 0);
    wire_put16(&m, type);
    wire_put64(&m, r->cookie);
    wire_put32(&m, len);
    return m;
}

static bool send_simple(struct replies *to, const struct request *r,
                        uint32_t code, const void *data, size_t n)
{
    unsigned char head[16];
    struct message m = { head };

    wire_put32(&m, NBD_SIMPLE_MAGIC);
    wire_put32(&m, code);
    wire_put64(&m, r->cookie);
    return send_both(to, head, sizeof(head), data, n);
}

/* Where in a read it went wrong is told, too. */
static bool send_error(struct replies *to, const struct request *r,
                       uint32_t code, uint64_t offset, const char *why)
{
    bool is_read = r->type == NBD_CMD_READ;
    unsigned char buf[CHUNK_HEAD + 6 + WHY_MAX + 8];
    size_t len = strnlen(why, WHY_MAX);
    struct message m = chunk(buf, r, true, is_read ? NBD_CHUNK_ERROR_OFFSET
                                                   : NBD_CHUNK_ERROR,
                             (uint32_t)(6 + len + (is_read ? 8 : 0)));

    wire_put32(&m, code);
    wire_put16(&m, (unsigned)len);
    memcpy(m.at, why, len);
    m.at += len;
    if (is_read)
        wire_put64(&m, offset);
    return send_both(to, buf, (size_t)(m.at - buf), NULL, 0);
}

bool reply_end(struct replies *to, const struct request *r, uint32_t code,
               uint64_t offset, const char *why)
{
    unsigned char head[CHUNK_HEAD];

    if (!to->terms.structured)
        return send_simple(to, r, code, NULL, 0);
    if (code)
        return send_error(to, r, code, offset, why);
    chunk(head, r, true, NBD_CHUNK_NONE, 0);
    return send_both(to, head, sizeof(head), NULL, 0);
}

bool reply_simple_read(struct replies *to, const struct request *r,
                       const void *data)
{
    return send_simple(to, r, 0, data, r->len);
}

bool reply_piece(struct replies *to, const struct request *r,
                 uint64_t offset, const void *data, uint32_t n, bool done)
{
    unsigned char head[CHUNK_HEAD + 12];
    struct message m = chunk(head, r, done, data ? NBD_CHUNK_DATA
                                                 : NBD_CHUNK_HOLE,
                             data ? 8 + n : 12);

    wire_put64(&m, offset);
    if (!data)
        wire_put32(&m, n);
    return send_both(to, head, (size_t)(m.at - head), data, data ? n : 0);
}

bool reply_states(struct replies *to, const struct request *r,
                  const unsigned char *pairs, uint32_t n)
{
    unsigned char head[CHUNK_HEAD + 4];
    struct message m = chunk(head, r, true, NBD_CHUNK_STATUS, 4 + 8 * n);

    wire_put32(&m, NEGOTIATION_CONTEXT);
    return send_both(to, head, sizeof(head), pairs, 8 * (size_t)n);
}
