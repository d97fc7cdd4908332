/* SPDX-License-Identifier: Apache-2.0 */
/* Which meta contexts there are: base:allocation. */
#include "serve/negotiation-private.h"

#include <string.h>

#define CONTEXT "base:allocation"
#define NAMESPACE "base:"

static bool is(const unsigned char *p, size_t n, const char *word)
{
    return n == strlen(word) && memcmp(p, word, n) == 0;
}

/* Is it among what is asked for?  Without a question a list has all of them.
 * -1: that is no question. */
static int asks(struct cut *c, uint32_t count, bool lists)
{
    int found = lists && !count;

    while (count--) {
        size_t len;
        const unsigned char *p = cut_string(c, &len);

        if (!p)
            return -1;
        if (is(p, len, CONTEXT) || (lists && is(p, len, NAMESPACE)))
            found = 1;
    }
    return c->left ? -1 : found;
}

static enum step tell(struct negotiation *n, bool lists)
{
    unsigned char answer[4 + sizeof(CONTEXT) - 1];
    struct message m = { answer };

    wire_put32(&m, lists ? 0 : NEGOTIATION_CONTEXT);
    memcpy(m.at, CONTEXT, sizeof(CONTEXT) - 1);
    return negotiation_reply(n, NBD_REP_META_CONTEXT, answer,
                             sizeof(answer));
}

enum step negotiation_meta(struct negotiation *n)
{
    struct cut c = { n->data, n->len };
    bool lists = n->option == NBD_OPT_LIST_META_CONTEXT;
    size_t len = 0;
    const unsigned char *name = cut_string(&c, &len);
    const unsigned char *count = name ? cut_take(&c, 4) : NULL;
    int found = count ? asks(&c, wire_get32(count), lists) : -1;
    struct export *x;

    if (found < 0 || !n->structured)
        return negotiation_reply(n, NBD_REP_ERR_INVALID, NULL, 0);
    x = exports_find(n->all, (const char *)name, len);
    if (!x)
        return negotiation_reply(n, NBD_REP_ERR_UNKNOWN, NULL, 0);
    if (!lists)
        n->context_of = found ? x : NULL;
    if (found && tell(n, lists) == STEP_END)
        return STEP_END;
    return negotiation_reply(n, NBD_REP_ACK, NULL, 0);
}
