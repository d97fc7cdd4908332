/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/kept-set.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 1024u
#define NONE UINT32_MAX

/* Blocks come in pages; those that are there are a list, the oldest first. */
struct kept_page {
    struct block {
        unsigned char sha256[32];
        uint32_t older, newer;
        uint16_t held;
        bool there;
    } of[PAGE];
    struct kept_origin *from;   /* PAGE of them, or NULL */
};

/* Of a page that is there. */
static struct block *at(const struct kept_set *s, uint32_t index)
{
    return &s->pages[index / PAGE]->of[index % PAGE];
}

static struct block *there(const struct kept_set *s, uint32_t index)
{
    return s->pages[index / PAGE] && at(s, index)->there ? at(s, index)
                                                         : NULL;
}

/* ------------------------------------------------------------------- order */

static void link_newest(struct kept_set *s, uint32_t index)
{
    struct block *b = at(s, index);

    b->older = s->newest;
    b->newer = NONE;
    if (s->newest == NONE)
        s->oldest = index;
    else
        at(s, s->newest)->newer = index;
    s->newest = index;
}

static void take_out(struct kept_set *s, const struct block *b)
{
    if (b->older == NONE)
        s->oldest = b->newer;
    else
        at(s, b->older)->newer = b->newer;
    if (b->newer == NONE)
        s->newest = b->older;
    else
        at(s, b->newer)->older = b->older;
}

bool kept_set_oldest(const struct kept_set *s, uint32_t *index)
{
    for (uint32_t i = s->oldest; i != NONE; i = at(s, i)->newer)
        if (!at(s, i)->held) {
            *index = i;
            return true;
        }
    return false;
}

/* ------------------------------------------------------------------ blocks */

static struct kept_page *make_page(struct kept_set *s, uint32_t index)
{
    struct kept_page **p = &s->pages[index / PAGE];

    if (!*p && !(*p = calloc(1, sizeof(**p))))
        return NULL;
    if (s->origins && !(*p)->from)
        (*p)->from = calloc(PAGE, sizeof(*(*p)->from));
    return s->origins && !(*p)->from ? NULL : *p;
}

int kept_set_put(struct kept_set *s, uint32_t index,
                 const unsigned char sha256[32],
                 const struct kept_origin *from)
{
    struct kept_page *p;
    struct block *b;

    kept_set_remove(s, index);
    p = make_page(s, index);
    if (!p)
        return -1;
    b = &p->of[index % PAGE];
    memcpy(b->sha256, sha256, 32);
    if (s->origins)
        p->from[index % PAGE] = *from;
    b->there = true;
    s->blocks++;
    link_newest(s, index);
    return 0;
}

void kept_set_remove(struct kept_set *s, uint32_t index)
{
    struct block *b = there(s, index);

    if (!b)
        return;
    take_out(s, b);
    b->there = false;
    s->blocks--;
}

const unsigned char *kept_set_digest(const struct kept_set *s, uint32_t index)
{
    const struct block *b = there(s, index);

    return b ? b->sha256 : NULL;
}

const struct kept_origin *kept_set_origin(const struct kept_set *s,
                                          uint32_t index)
{
    return &s->pages[index / PAGE]->from[index % PAGE];
}

void kept_set_hold(struct kept_set *s, uint32_t index)
{
    struct block *b = at(s, index);

    take_out(s, b);
    link_newest(s, index);
    b->held++;
}

void kept_set_release(struct kept_set *s, uint32_t index)
{
    at(s, index)->held--;
}

void kept_set_list(const struct kept_set *s, struct blockset *to)
{
    for (uint32_t i = s->oldest; i != NONE; i = at(s, i)->newer)
        blockset_add(to, i);
}

/* -------------------------------------------------------------- init, free */

int kept_set_init(struct kept_set *s, uint64_t blocks, bool origins,
                  struct err *e)
{
    memset(s, 0, sizeof(*s));
    s->oldest = s->newest = NONE;
    s->origins = origins;
    s->count = (size_t)(blocks / PAGE + 1);
    s->pages = calloc(s->count, sizeof(struct kept_page *));
    return s->pages ? 0 : err_nomem(e);
}

void kept_set_free(struct kept_set *s)
{
    for (size_t i = 0; s->pages && i < s->count; i++) {
        if (s->pages[i])
            free(s->pages[i]->from);
        free(s->pages[i]);
    }
    free(s->pages);
    s->pages = NULL;
}
