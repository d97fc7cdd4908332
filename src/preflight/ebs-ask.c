/* SPDX-License-Identifier: Apache-2.0 */
/* Tries the rights of EBS: a short list of a snapshot, a block of it, its
 * changes; and what the answers say about its key. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "base/block.h"
#include "base/text.h"
#include "ebs/changed.h"
#include "ebs/listing.h"
#include "ebs/requests.h"
#include "preflight/right.h"

/* EBS takes no smaller page. */
#define SHORTEST_PAGE 100

/* -------------------------------------------------------------------- EBS */

/* What an answer says about the snapshot's key; a block says most. */
static int note_key(struct subject *s, const struct err *why, struct err *e)
{
    free(s->key_says);
    s->key = why ? probe_judge_key(why) : CHECK_YES;
    s->key_says = strdup(why ? why->msg : "EBS answered with it");
    return s->key_says ? 0 : err_nomem(e);
}

static int take_list(void *ctx, const struct call *c, struct err *e)
{
    struct subject *s = ctx;
    const struct text *body = &c->answer->body;
    struct listing l;

    if (listing_parse(body->s ? body->s : "", body->len, &l, e) < 0)
        return -1;
    s->listed = true;
    s->any = l.count > 0;
    if (s->any) {
        s->index = l.entries[0].index;
        strcpy(s->token, listing_token(&l, s->index));
    }
    /* A page may be empty and the list go on. */
    s->listed = s->any || !l.next[0];
    listing_free(&l);
    return 0;
}

int right_try_list(struct preflight *p, const struct right_row *row,
                   struct subject *s, struct err *e)
{
    struct err why;
    int r;

    request_list_of(p->service.call, s->id, "", 0, SHORTEST_PAGE);
    r = preflight_question(p, take_list, s, &why, e);
    if (r < 0 || note_key(s, r ? &why : NULL, e) < 0)
        return -1;
    if (r > 0)
        return right_add_failure(p, row, s->id, &why, e);
    return right_add(p, row, s->id, CHECK_YES, s->any ? "answered"
                     : "answered: no block on the first page", ERR_NONE, e);
}

/* Where a block goes: a call has no place of its own for it.  One question is
 * asked after the other, by one thread. */
static unsigned char block[BLOCK_SIZE];

static unsigned char *block_place(struct call *c)
{
    (void)c;
    return block;
}

static int take_block(void *ctx, const struct call *c, struct err *e)
{
    unsigned char said[32], got[32];

    (void)ctx;
    if (block_answer(c->answer, said, e) < 0)
        return -1;
    hash_sha256(block, sizeof(block), got);
    if (memcmp(said, got, sizeof(got)) == 0)
        return 0;
    return err_set(e, ERR_SERVICE, 0, "the block is not what its SHA-256 "
                   "promises");
}

static int get_block(struct preflight *p, const struct right_row *row,
                     struct subject *s, struct err *e)
{
    struct call *c = p->service.call;
    autotext struct text says = TEXT_INIT;
    struct err why;
    int r;

    request_block(c, s->id, s->index, s->token);
    c->place = block_place;
    c->limit = BLOCK_SIZE;
    r = preflight_question(p, take_block, NULL, &why, e);
    if (r < 0 || note_key(s, r ? &why : NULL, e) < 0)
        return -1;
    if (r > 0)
        return right_add_failure(p, row, s->id, &why, e);
    text_addf(&says, "block %" PRIu32 " came, as its SHA-256 promises",
              s->index);
    return says.failed ? err_nomem(e)
        : right_add(p, row, s->id, CHECK_YES, says.s, ERR_NONE, e);
}

/* A block is asked for with the token of its list. */
int right_try_block(struct preflight *p, const struct right_row *row,
                    struct subject *s, struct err *e)
{
    if (s->any)
        return get_block(p, row, s, e);
    if (s->listed)
        return right_add(p, row, s->id, CHECK_SPARED, "no block is stored: "
                         "there is none to ask for", ERR_NONE, e);
    return right_add(p, row, s->id, CHECK_UNKNOWN, "not asked: it takes a "
                     "token of the list, which did not come", ERR_ACCESS, e);
}

static int take_changed(void *ctx, const struct call *c, struct err *e)
{
    const struct text *body = &c->answer->body;
    struct changed page;

    (void)ctx;
    if (changed_parse(body->s ? body->s : "", body->len, &page, e) < 0)
        return -1;
    changed_free(&page);
    return 0;
}

int right_try_changed(struct preflight *p, const struct right_row *row,
                      struct subject *s, struct err *e)
{
    const struct subject *first = s > p->subjects ? s - 1 : s;
    const char *base = s == p->subjects && p->wish->since ? p->wish->since
                                                         : first->id;
    struct err why;
    int r;

    request_changed(p->service.call, base, s->id, "", 0);
    r = preflight_question(p, take_changed, NULL, &why, e);
    if (r < 0 || (!s->key_says && note_key(s, r ? &why : NULL, e) < 0))
        return -1;
    return r > 0 ? right_add_failure(p, row, s->id, &why, e)
        : right_add(p, row, s->id, CHECK_YES, "answered", ERR_NONE, e);
}

/* -------------------------------------------------------------------- KMS */

/* Whatever EC2 says: a key that EBS does not find is one that is needed. */
int right_try_key(struct preflight *p, const struct right_row *row,
                  struct subject *s, struct err *e)
{
    const bool plain = s->known && s->facts.encrypted.told
        && !s->facts.encrypted.value;

    if (plain && s->key != CHECK_NO)
        return right_add(p, row, s->id, CHECK_SPARED, "the snapshot is not "
                         "encrypted", ERR_NONE, e);
    if (!s->key_says)
        return right_add(p, row, s->id, CHECK_UNKNOWN, "not tried: EBS was "
                         "not asked for anything of it", ERR_ACCESS, e);
    return right_add(p, row, s->id, s->key, s->key_says, ERR_ACCESS, e);
}
