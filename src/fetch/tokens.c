/* SPDX-License-Identifier: Apache-2.0 */
#include "fetch/tokens.h"

#include <string.h>

void tokens_keep(struct tokens *t, struct listing *page)
{
    t->newest = (t->newest + 1) % TOKENS_PAGES;
    listing_free(&t->page[t->newest]);
    t->page[t->newest] = *page;
    memset(page, 0, sizeof(*page));
}

const char *tokens_find(const struct tokens *t, uint32_t index)
{
    const char *token = NULL;

    for (unsigned i = 0; i < TOKENS_PAGES && !token; i++)
        token = listing_token(&t->page[(t->newest + TOKENS_PAGES - i)
                                       % TOKENS_PAGES], index);
    return token;
}

void tokens_free(struct tokens *t)
{
    for (unsigned i = 0; i < TOKENS_PAGES; i++)
        listing_free(&t->page[i]);
}
