/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/negotiation-private.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

enum step negotiation_reply(struct negotiation *n, uint32_t type,
                            const void *data, uint32_t len)
{
    unsigned char head[20];
    struct message m = { head };

    wire_put64(&m, NBD_REPLY_MAGIC);
    wire_put32(&m, n->option);
    wire_put32(&m, type);
    wire_put32(&m, len);
    return wire_write_both(n->fd, head, sizeof(head), data, len) ? STEP_ON
                                                                 : STEP_END;
}

const unsigned char *cut_take(struct cut *c, size_t n)
{
    const unsigned char *p = c->at;

    if (n > c->left)
        return NULL;
    c->at += n;
    c->left -= n;
    return p;
}

const unsigned char *cut_string(struct cut *c, size_t *n)
{
    const unsigned char *p = cut_take(c, 4);

    if (!p)
        return NULL;
    *n = wire_get32(p);
    return cut_take(c, *n);
}

/* ----------------------------------------------------------- simple options */

static enum step list(struct negotiation *n)
{
    if (n->len)
        return negotiation_reply(n, NBD_REP_ERR_INVALID, NULL, 0);
    for (size_t i = 0; i < n->all->count; i++) {
        const char *name = n->all->at[i].name;
        uint32_t len = (uint32_t)strlen(name);
        struct message m = { n->data };

        wire_put32(&m, len);
        memcpy(m.at, name, len);
        if (negotiation_reply(n, NBD_REP_SERVER, n->data, 4 + len)
            == STEP_END)
            return STEP_END;
    }
    return negotiation_reply(n, NBD_REP_ACK, NULL, 0);
}

static enum step structured(struct negotiation *n)
{
    if (n->len)
        return negotiation_reply(n, NBD_REP_ERR_INVALID, NULL, 0);
    n->structured = true;
    return negotiation_reply(n, NBD_REP_ACK, NULL, 0);
}

static enum step abort_(struct negotiation *n)
{
    negotiation_reply(n, NBD_REP_ACK, NULL, 0);
    return STEP_END;
}

/* ---------------------------------------------------------------- the way */

static const struct {
    uint32_t option;
    enum step (*answer)(struct negotiation *n);
} answers[] = {
    { NBD_OPT_EXPORT_NAME, negotiation_export_name },
    { NBD_OPT_ABORT, abort_ },
    { NBD_OPT_LIST, list },
    { NBD_OPT_INFO, negotiation_go },
    { NBD_OPT_GO, negotiation_go },
    { NBD_OPT_STRUCTURED_REPLY, structured },
    { NBD_OPT_LIST_META_CONTEXT, negotiation_meta },
    { NBD_OPT_SET_META_CONTEXT, negotiation_meta },
};

static bool greet(struct negotiation *n)
{
    unsigned char head[18], flags[4];
    struct message m = { head };
    uint32_t client;

    wire_put64(&m, NBD_MAGIC);
    wire_put64(&m, NBD_OPTION_MAGIC);
    wire_put16(&m, NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES);
    if (!wire_write(n->fd, head, sizeof(head))
        || !wire_read(n->fd, flags, sizeof(flags)))
        return false;
    client = wire_get32(flags);
    n->no_zeroes = client & NBD_NO_ZEROES;
    return (client & NBD_FIXED_NEWSTYLE)
        && !(client & ~(NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES));
}

static bool read_option(struct negotiation *n)
{
    unsigned char head[16];

    if (!wire_read(n->fd, head, sizeof(head))
        || wire_get64(head) != NBD_OPTION_MAGIC)
        return false;
    n->option = wire_get32(head + 8);
    n->len = wire_get32(head + 12);
    return n->len <= NEGOTIATION_OPTION && wire_read(n->fd, n->data, n->len);
}

static enum step answer(struct negotiation *n)
{
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
        if (answers[i].option == n->option)
            return answers[i].answer(n);
    return negotiation_reply(n, NBD_REP_ERR_UNSUP, NULL, 0);
}

static enum step talk(struct negotiation *n)
{
    enum step s = greet(n) ? STEP_ON : STEP_END;

    for (int i = 0; i < NEGOTIATION_OPTIONS && s == STEP_ON; i++)
        s = read_option(n) ? answer(n) : STEP_END;
    return s;
}

bool negotiate(int fd, const struct exports *all, struct terms *out)
{
    autofree unsigned char *data = malloc(NEGOTIATION_OPTION);
    struct negotiation n = { .fd = fd, .all = all, .data = data };

    if (!data)
        return false;
    wire_patience(fd, NEGOTIATION_SECONDS);
    if (talk(&n) != STEP_DONE)
        return false;
    wire_patience(fd, 0);
    out->export = n.chosen;
    out->structured = n.structured;
    out->block_status = n.structured && n.context_of == n.chosen;
    return true;
}
