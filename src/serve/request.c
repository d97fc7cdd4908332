/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/request.h"

#include "serve/nbd.h"
#include "serve/wire.h"

bool request_read(struct wire *w, struct request *r)
{
    unsigned char head[NBD_REQUEST_SIZE];

    if (!wire_read(w, head, sizeof(head))
        || wire_get32(head) != NBD_REQUEST_MAGIC)
        return false;
    r->flags = wire_get16(head + 4);
    r->type = wire_get16(head + 6);
    r->cookie = wire_get64(head + 8);
    r->offset = wire_get64(head + 16);
    r->len = wire_get32(head + 24);
    return r->type != NBD_CMD_DISC
        && (r->type != NBD_CMD_WRITE || wire_skip(w, r->len));
}

static bool is_inside(const struct request *r, uint64_t size)
{
    return r->len && r->offset < size && r->len <= size - r->offset;
}

static const struct {
    unsigned type;
    uint32_t len_max;
    unsigned flags;          /* that it may have */
    uint32_t refusal;        /* whatever it asks for */
} rules[] = {
    { NBD_CMD_READ, NBD_READ_MAX, 0, 0 },
    { NBD_CMD_CACHE, UINT32_MAX, 0, 0 },
    { NBD_CMD_BLOCK_STATUS, UINT32_MAX, NBD_CMD_FLAG_REQ_ONE, 0 },
    { NBD_CMD_WRITE, 0, 0, NBD_EPERM },
    { NBD_CMD_TRIM, 0, 0, NBD_EPERM },
    { NBD_CMD_WRITE_ZEROES, 0, 0, NBD_EPERM },
};

uint32_t request_check(const struct request *r, const struct terms *t)
{
    for (unsigned i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].type != r->type)
            continue;
        if (rules[i].refusal)
            return rules[i].refusal;
        if (r->len > rules[i].len_max)
            return NBD_EOVERFLOW;
        if ((r->flags & ~rules[i].flags)
            || !is_inside(r, t->export->volume.size))
            return NBD_EINVAL;
        return r->type == NBD_CMD_BLOCK_STATUS && !t->block_status
            ? NBD_EINVAL : 0;
    }
    return NBD_EINVAL;
}
