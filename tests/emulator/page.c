/* SPDX-License-Identifier: Apache-2.0 */
#include "page.h"

#include <stdio.h>
#include <string.h>

#include "constraint.h"
#include "keyring.h"
#include "store.h"
#include "when.h"

#define DEFAULT_RESULTS 100
#define PAGE_TOKEN_LIFE 3600 /* s */
#define DELETED_LIFE 4000 /* ms */

static bool read_limit(struct page *p, struct request *r)
{
    const char *text = params_get(&r->params, "maxResults");
    int64_t limit = DEFAULT_RESULTS;

    if (text && !constraint_number(r, text, "maxResults", 100, 10000, &limit))
        return false;
    p->limit = (uint64_t)limit;
    if (effect_on(&r->fx, FX_PAGE_SIZE) &&
        (uint64_t)r->fx.value[FX_PAGE_SIZE] < p->limit)
        p->limit = (uint64_t)r->fx.value[FX_PAGE_SIZE];
    return true;
}

/* The token wins, but a bad index is refused even so. */
static bool read_start(struct page *p, struct request *r)
{
    const char *text = params_get(&r->params, "startingBlockIndex");
    int64_t start = 0;

    if (text && !constraint_number(r, text, "startingBlockIndex", 0,
                                   INT32_MAX, &start))
        return false;
    p->start = (uint64_t)start;
    p->token = params_get(&r->params, "pageToken");
    if (!p->token)
        return true;
    if (!constraint_token(r, p->token, "pageToken"))
        return false;
    if (token_check(r->server->tokens, p->kind, p->scope, p->token, r->now,
                    &p->start))
        return true;
    fault_answer(r, FAULT_BAD_PAGE_TOKEN, "The pagination token %.200s is "
                 "invalid.", p->token);
    return false;
}

/* Block tokens of a snapshot last a time of its own, in whole minutes: from
 * 557,640 to 630,120 s were seen, and the same again for the same one. */
static int64_t block_token_life(const char *snapshot)
{
    const int64_t least = 557640 / 60;
    const int64_t most = 630120 / 60;
    uint8_t sum[DIGEST_SIZE];

    digest_sha256(snapshot, strlen(snapshot), sum);
    return (least + (sum[0] << 8 | sum[1]) % (most - least + 1)) * 60;
}

bool page_begin(struct page *p, struct request *r, enum token_kind kind,
                const char *scope)
{
    int64_t life = effect_or(&r->fx, FX_BLOCK_LIFE,
                             block_token_life(r->snapshot));

    *p = (struct page){ .kind = kind };
    snprintf(p->scope, sizeof(p->scope), "%s", scope);
    p->alphabet = effect_on(&r->fx, FX_STD_TOKENS) ? BASE64_STANDARD
                                                   : BASE64_URL;
    p->expires = r->now + life * 1000;
    return read_limit(p, r) && read_start(p, r);
}

struct token_batch *page_batch(const struct page *p, struct request *r,
                               const struct snapshot *s)
{
    return token_batch_new(r->server->tokens, TOKEN_BLOCK, s->id, p->expires,
                           p->alphabet);
}

static bool is_foreign(const struct snapshot *s)
{
    return strcmp(s->owner, KEYRING_ACCOUNT) != 0;
}

static bool readable(struct request *r, const struct snapshot *s)
{
    /* One that was uploaded is completed for EC2 before it is readable
     * here. */
    int64_t delay = s->timeout ? r->server->ready_delay : 0;
    bool ready;

    pthread_mutex_lock(store_lock(r->server->store));
    ready = s->completed &&
            snapshot_status(s, when_now() - delay) == SNAPSHOT_COMPLETED;
    pthread_mutex_unlock(store_lock(r->server->store));
    return ready;
}

/* Who has a token can still get blocks for a while: three seconds after the
 * deletion were seen; how long it goes on is not known. */
static bool is_gone(const struct request *r, const struct snapshot *s)
{
    uint64_t deleted = snapshot_deleted(s);

    return deleted && (r->op->id != OP_GET ||
                       (uint64_t)when_now() > deleted + DELETED_LIFE);
}

struct snapshot *page_snapshot(struct request *r, const char *id)
{
    struct snapshot *s = store_find(r->server->store, id);

    if (s && is_foreign(s) && s->is_public)
        fault_answer(r, FAULT_PUBLIC, NULL);
    else if (!s || is_gone(r, s) || !readable(r, s) ||
             (is_foreign(s) && !s->shared))
        fault_answer(r, FAULT_NOT_FOUND, "The snapshot '%s' does not exist.",
                     id);
    else if (strcmp(s->tier, "archive") == 0)
        fault_answer(r, FAULT_ARCHIVED, NULL);
    else
        return s;
    return NULL;
}

void page_expiry(struct bytes *b, int64_t when)
{
    char text[WHEN_ROOM];

    bytes_fmt(b, "\"ExpiryTime\":%s,", when_text(WHEN_EPOCH, when, text));
}

void page_next_token(const struct page *p, struct request *r)
{
    int64_t life = effect_or(&r->fx, FX_PAGE_LIFE, PAGE_TOKEN_LIFE);
    autobatch struct token_batch *batch = NULL;
    struct bytes *b = &r->answer.body;
    char text[TOKEN_ROOM];
    uint64_t next = p->next;

    bytes_str(b, "\"NextToken\":");
    if (effect_on(&r->fx, FX_BLANK_TOKEN)) {
        bytes_str(b, "\"\",");
        return;
    }
    if (effect_on(&r->fx, FX_REPEAT_TOKEN) && p->token) {
        bytes_json(b, p->token);
        bytes_str(b, ",");
        return;
    }
    if (effect_on(&r->fx, FX_REPEAT_TOKEN))
        next = p->start;
    else if (!p->more) {
        bytes_str(b, "null,");
        return;
    }
    batch = token_batch_new(r->server->tokens, p->kind, p->scope,
                            r->now + life * 1000, p->alphabet);
    if (!batch) {
        b->broken = true;
        return;
    }
    token_make(batch, next, text);
    bytes_fmt(b, "\"%s\",", text);
}
