#include "page.h"

#include <stdio.h>
#include <string.h>

#include "keyring.h"
#include "store.h"
#include "when.h"

#define DEFAULT_RESULTS 100
#define BLOCK_TOKEN_LIFE 585000 /* s, as observed */
#define PAGE_TOKEN_LIFE 3600    /* s */

static bool invalid(struct request *r, const char *value, const char *name,
                    const char *constraint)
{
    fault_answer(r, FAULT_VALIDATION,
                 "1 validation error detected: Value '%s' at '%s' failed to "
                 "satisfy constraint: Member must %s",
                 value, name, constraint);
    return false;
}

static bool read_limit(struct page *p, struct request *r)
{
    const char *text = params_get(&r->params, "maxResults");

    p->limit = DEFAULT_RESULTS;
    if (text && !codec_number(text, INT32_MAX, &p->limit))
        return invalid(r, text, "maxResults", "be a number");
    if (p->limit < 100)
        return invalid(r, text, "maxResults",
                       "have value greater than or equal to 100");
    if (p->limit > 10000)
        return invalid(r, text, "maxResults",
                       "have value less than or equal to 10000");
    if (effect_on(&r->fx, FX_PAGE_SIZE) &&
        (uint64_t)r->fx.value[FX_PAGE_SIZE] < p->limit)
        p->limit = (uint64_t)r->fx.value[FX_PAGE_SIZE];
    return true;
}

/* The token wins, but a bad index is refused even so. */
static bool read_start(struct page *p, struct request *r)
{
    const char *text = params_get(&r->params, "startingBlockIndex");

    if (text && !codec_number(text, INT32_MAX, &p->start))
        return invalid(r, text, "startingBlockIndex",
                       "have value greater than or equal to 0");
    p->token = params_get(&r->params, "pageToken");
    if (!p->token)
        return true;
    if (!p->token[0] || strlen(p->token) > 256)
        return invalid(r, p->token, "pageToken",
                       "satisfy regular expression pattern: "
                       "^[A-Za-z0-9+/=_-]+$");
    if (token_check(r->server->tokens, p->kind, p->scope, p->token, r->now,
                    &p->start))
        return true;
    fault_answer(r, FAULT_BAD_PAGE_TOKEN, "The pagination token %.200s is "
                 "invalid.", p->token);
    return false;
}

bool page_begin(struct page *p, struct request *r, enum token_kind kind,
                const char *scope)
{
    int64_t life = effect_or(&r->fx, FX_BLOCK_LIFE, BLOCK_TOKEN_LIFE);

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
    bool ready;

    pthread_mutex_lock(store_lock(r->server->store));
    /* Completed for EC2 is not yet readable here. */
    ready = s->completed &&
            snapshot_status(s, when_now() - r->server->ready_delay) ==
                SNAPSHOT_COMPLETED;
    pthread_mutex_unlock(store_lock(r->server->store));
    return ready;
}

struct snapshot *page_snapshot(struct request *r, const char *id)
{
    struct snapshot *s = store_find(r->server->store, id);

    if (s && is_foreign(s) && s->is_public)
        fault_answer(r, FAULT_PUBLIC, NULL);
    else if (!s || !readable(r, s) || (is_foreign(s) && !s->shared))
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
