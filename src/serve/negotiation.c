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
    return wire_write_both(n->wire, head, sizeof(head), data, len)
        ? STEP_ON : STEP_END;
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

/* Whatever was agreed on in clear somebody else may have said. */
static enum step start_tls(struct negotiation *n)
{
    if (!n->wire->tls)
        return negotiation_reply(n, NBD_REP_ERR_UNSUP, NULL, 0);
    if (n->len || n->wire->session)
        return negotiation_reply(n, NBD_REP_ERR_INVALID, NULL, 0);
    if (negotiation_reply(n, NBD_REP_ACK, NULL, 0) == STEP_END
        || !wire_begin_tls(n->wire))
        return STEP_END;
    n->structured = false;
    n->context_of = NULL;
    return STEP_ON;
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
    { NBD_OPT_STARTTLS, start_tls },
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
    if (!wire_write(n->wire, head, sizeof(head))
        || !wire_read(n->wire, flags, sizeof(flags)))
        return false;
    client = wire_get32(flags);
    n->no_zeroes = client & NBD_NO_ZEROES;
    return (client & NBD_FIXED_NEWSTYLE)
        && !(client & ~(NBD_FIXED_NEWSTYLE | NBD_NO_ZEROES));
}

static bool read_option(struct negotiation *n)
{
    unsigned char head[16];

    if (!wire_read(n->wire, head, sizeof(head))
        || wire_get64(head) != NBD_OPTION_MAGIC)
        return false;
    n->option = wire_get32(head + 8);
    n->len = wire_get32(head + 12);
    return n->len <= NEGOTIATION_OPTION && wire_read(n->wire, n->data, n->len);
}

/* The old way has no word for "not in clear". */
static enum step refuse_clear(struct negotiation *n)
{
    return n->option == NBD_OPT_EXPORT_NAME ? STEP_END
        : negotiation_reply(n, NBD_REP_ERR_TLS_REQD, NULL, 0);
}

static bool is_clear(const struct negotiation *n)
{
    return n->wire->tls && !n->wire->session;
}

static enum step answer(struct negotiation *n)
{
    if (is_clear(n) && n->option != NBD_OPT_STARTTLS
        && n->option != NBD_OPT_ABORT)
        return refuse_clear(n);
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

bool negotiate(struct wire *w, const struct exports *all, struct terms *out)
{
    autofree unsigned char *data = malloc(NEGOTIATION_OPTION);
    struct negotiation n = { .wire = w, .all = all, .data = data };

    if (!data)
        return false;
    wire_patience(w, NEGOTIATION_SECONDS);
    if (talk(&n) != STEP_DONE)
        return false;
    wire_patience(w, 0);
    out->export = n.chosen;
    out->structured = n.structured;
    out->block_status = n.structured && n.context_of == n.chosen;
    return true;
}
