/* SPDX-License-Identifier: Apache-2.0 */
/* Which export it is, and what it is like. */
#include "serve/negotiation-private.h"

#include <stdio.h>
#include <string.h>

#include "base/block.h"

/* Many connections see the same bytes, since nobody writes. */
#define FLAGS (NBD_FLAG_HAS_FLAGS | NBD_FLAG_READ_ONLY \
               | NBD_FLAG_CAN_MULTI_CONN | NBD_FLAG_SEND_CACHE)

static enum step send_info(struct negotiation *n, struct message *m)
{
    return negotiation_reply(n, NBD_REP_INFO, n->data,
                             (uint32_t)(m->at - n->data));
}

static struct message begin(struct negotiation *n, unsigned type)
{
    struct message m = { n->data };

    wire_put16(&m, type);
    return m;
}

static enum step tell_export(struct negotiation *n, const struct export *x)
{
    struct message m = begin(n, NBD_INFO_EXPORT);

    wire_put64(&m, x->volume.size);
    wire_put16(&m, FLAGS);
    return send_info(n, &m);
}

/* Any offset and length will do; whole blocks are what is fetched. */
static enum step tell_block_size(struct negotiation *n)
{
    struct message m = begin(n, NBD_INFO_BLOCK_SIZE);

    wire_put32(&m, 1);
    wire_put32(&m, BLOCK_SIZE);
    wire_put32(&m, NBD_READ_MAX);
    return send_info(n, &m);
}

static enum step tell_text(struct negotiation *n, unsigned type,
                           const char *text)
{
    struct message m = begin(n, type);
    size_t len = strlen(text);

    memcpy(m.at, text, len);
    m.at += len;
    return send_info(n, &m);
}

/* What a client asks for besides; unknown ones are passed over. */
static enum step tell_more(struct negotiation *n, const struct export *x,
                           unsigned type)
{
    char what[64];

    snprintf(what, sizeof(what), "EBS %s, read-only, every block checked",
             x->volume.is_snapshot ? "snapshot" : "snapshot's image");
    if (type == NBD_INFO_NAME)
        return tell_text(n, type, x->name);
    if (type == NBD_INFO_DESCRIPTION)
        return tell_text(n, type, what);
    return STEP_ON;
}

/* The answers are made where the option stands, so what it asks for is kept
 * aside: a type more than once is one. */
static unsigned wishes(struct cut *c, unsigned count)
{
    const unsigned char *p;
    unsigned set = 0;

    while (count-- && (p = cut_take(c, 2)))
        if (wire_get16(p) < 32)
            set |= 1u << wire_get16(p);
    return set;
}

static enum step tell_all(struct negotiation *n, const struct export *x,
                          unsigned wanted)
{
    enum step s = tell_export(n, x);

    if (s == STEP_ON)
        s = tell_block_size(n);
    for (unsigned i = 0; i < 32 && s == STEP_ON; i++)
        if (wanted >> i & 1)
            s = tell_more(n, x, i);
    return s == STEP_ON ? negotiation_reply(n, NBD_REP_ACK, NULL, 0) : s;
}

enum step negotiation_go(struct negotiation *n)
{
    struct cut c = { n->data, n->len };
    size_t len = 0;
    const unsigned char *name = cut_string(&c, &len);
    const unsigned char *count = name ? cut_take(&c, 2) : NULL;
    struct export *x;
    enum step s;

    if (!count || c.left != 2 * (size_t)wire_get16(count))
        return negotiation_reply(n, NBD_REP_ERR_INVALID, NULL, 0);
    x = exports_find(n->all, (const char *)name, len);
    if (!x)
        return negotiation_reply(n, NBD_REP_ERR_UNKNOWN, NULL, 0);
    s = tell_all(n, x, wishes(&c, wire_get16(count)));
    if (s != STEP_ON || n->option == NBD_OPT_INFO)
        return s;
    n->chosen = x;
    return STEP_DONE;
}

/* The old way has no word for "there is none". */
enum step negotiation_export_name(struct negotiation *n)
{
    unsigned char answer[10 + 124] = { 0 };
    struct message m = { answer };

    n->chosen = exports_find(n->all, (const char *)n->data, n->len);
    if (!n->chosen)
        return STEP_END;
    wire_put64(&m, n->chosen->volume.size);
    wire_put16(&m, FLAGS);
    return wire_write(n->wire, answer, n->no_zeroes ? 10 : sizeof(answer))
        ? STEP_DONE : STEP_END;
}
