/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "audit/logcheck.h"
#include "base/json.h"
#include "base/scope.h"

#define DIGEST 32

void checkpoint_seal(struct record *r)
{
    unsigned char digest[DIGEST];

    hash_sha256(r->json.s ? r->json.s : "", r->json.len, digest);
    record_hex(r, "check", digest, sizeof(digest));
}

/* --------------------------------------------------------------- writing */

/* State words as hex, the first word first, its high digit first. */
static void add_words(struct record *r, const char *key, const uint32_t *w,
                      size_t n)
{
    unsigned char bytes[8 * 4];

    for (size_t i = 0; i < n * 4; i++)
        bytes[i] = (unsigned char)(w[i / 4] >> 8 * (3 - i % 4));
    record_hex(r, key, bytes, n * 4);
}

static void add_digest(struct record *r, const struct digest_state *d)
{
    if (d->kinds & HASH_BIT(HASH_MD5))
        add_words(r, "md5_state", d->md5, 4);
    if (d->kinds & HASH_BIT(HASH_SHA1))
        add_words(r, "sha1_state", d->sha1, 5);
    if (d->kinds & HASH_BIT(HASH_SHA256))
        add_words(r, "sha256_state", d->sha256, 8);
}

static void compose(struct record *r, const struct checkpoint *c)
{
    record_u64(r, "offset", c->offset);
    add_digest(r, &c->digest);
    record_u64(r, "rows", c->rows);
    record_hex(r, "manifest_sha256", c->manifest, sizeof(c->manifest));
    record_hex(r, "chunks_sha256", c->chunks, sizeof(c->chunks));
    record_u64(r, "log_events", c->log.events);
    record_u64(r, "log_size", c->log.size);
    record_hex(r, "log_head", c->log.head, LOG_HASH);
}

static int write_sealed(struct log *l, const char *event, struct record *r,
                        struct err *e)
{
    checkpoint_seal(r);
    if (log_write(l, event, r, e) < 0)
        return -1;
    return log_sync(l, e);
}

int checkpoint_write(struct log *l, const struct checkpoint *c,
                     struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    compose(&r, c);
    return write_sealed(l, "checkpoint", &r, e);
}

int checkpoint_publish(struct log *l, const char *verdict, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "verdict", verdict);
    return write_sealed(l, "publish", &r, e);
}

/* --------------------------------------------------------------- reading */

struct reading {
    int (*begin)(void *ctx, const cJSON *event, struct record *again,
                 struct err *e);
    void *ctx;
    struct checkpoints *out;
    bool begun;
    struct err *why;      /* of begin(), which is the caller's business */
};

/* What is wrong in a number shows when the line is made once more. */
static uint64_t number(const cJSON *ev, const char *key)
{
    uint64_t n = 0;

    json_whole(ev, key, JSON_WHOLE_MAX, &n);
    return n;
}

static bool words(const cJSON *ev, const char *key, uint32_t *w, size_t n)
{
    unsigned char bytes[8 * 4];

    if (!json_hex(ev, key, bytes, n * 4))
        return false;
    for (size_t i = 0; i < n; i++)
        w[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16
            | (uint32_t)bytes[4 * i + 2] << 8 | (uint32_t)bytes[4 * i + 3];
    return true;
}

/* Made once more, is it the line that was read? */
static bool is_sealed(const cJSON *ev, const struct record *again)
{
    unsigned char now[DIGEST], then[DIGEST];

    if (again->json.failed || !json_hex(ev, "check", then, sizeof(then)))
        return false;
    hash_sha256(again->json.s ? again->json.s : "", again->json.len, now);
    return memcmp(now, then, sizeof(now)) == 0;
}

static void take(const cJSON *ev, struct checkpoint *c)
{
    struct digest_state *d = &c->digest;

    memset(c, 0, sizeof(*c));
    c->offset = d->bytes = number(ev, "offset");
    if (words(ev, "md5_state", d->md5, 4))
        d->kinds |= HASH_BIT(HASH_MD5);
    if (words(ev, "sha1_state", d->sha1, 5))
        d->kinds |= HASH_BIT(HASH_SHA1);
    if (words(ev, "sha256_state", d->sha256, 8))
        d->kinds |= HASH_BIT(HASH_SHA256);
    c->rows = number(ev, "rows");
    json_hex(ev, "manifest_sha256", c->manifest, sizeof(c->manifest));
    json_hex(ev, "chunks_sha256", c->chunks, sizeof(c->chunks));
    c->log.events = number(ev, "log_events");
    c->log.size = number(ev, "log_size");
    json_hex(ev, "log_head", c->log.head, LOG_HASH);
}

static int damaged(struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "a line of it is damaged");
}

static int on_checkpoint(struct checkpoints *out, const cJSON *ev,
                         struct err *e)
{
    autorecord struct record again = RECORD_INIT;
    struct checkpoint *more;
    struct checkpoint c;

    take(ev, &c);
    compose(&again, &c);
    if (!is_sealed(ev, &again))
        return damaged(e);
    while (out->n && out->at[out->n - 1].offset >= c.offset)
        out->n--;
    more = realloc(out->at, (out->n + 1) * sizeof(*more));
    if (!more)
        return err_nomem(e);
    out->at = more;
    more[out->n++] = c;
    out->published = false;
    return 0;
}

static int on_publish(struct checkpoints *out, const cJSON *ev,
                      struct err *e)
{
    autorecord struct record again = RECORD_INIT;
    const cJSON *verdict = json_member(ev, "verdict");

    if (!cJSON_IsString(verdict))
        return damaged(e);
    record_str(&again, "verdict", verdict->valuestring);
    if (!is_sealed(ev, &again))
        return damaged(e);
    out->published = true;
    snprintf(out->verdict, sizeof(out->verdict), "%s", verdict->valuestring);
    return 0;
}

static int on_begin(struct reading *r, const cJSON *ev, struct err *e)
{
    autorecord struct record again = RECORD_INIT;

    if (r->begin(r->ctx, ev, &again, r->why) < 0)
        return -1;
    if (!is_sealed(ev, &again))
        return damaged(e);
    r->begun = true;
    return 0;
}

static int on_event(void *ctx, const cJSON *ev, struct err *e)
{
    struct reading *r = ctx;
    const char *name = json_member(ev, "event")->valuestring;

    if (!r->begun)
        return strcmp(name, "begin") == 0 ? on_begin(r, ev, e) : damaged(e);
    if (strcmp(name, "checkpoint") == 0)
        return on_checkpoint(r->out, ev, e);
    return strcmp(name, "publish") == 0 ? on_publish(r->out, ev, e)
                                        : damaged(e);
}

int checkpoints_read(const char *path,
                     int (*begin)(void *ctx, const cJSON *event,
                                  struct record *again, struct err *e),
                     void *ctx, struct checkpoints *out, struct err *e)
{
    struct err why = ERR_INIT, bad = ERR_INIT;
    struct reading r = { .begin = begin, .ctx = ctx, .out = out,
                         .why = &why };
    struct logcheck check;

    memset(out, 0, sizeof(*out));
    if (logcheck_run(path, on_event, &r, &check, &bad) < 0
        && (!r.begun || bad.kind != ERR_VERIFY)) {
        *e = why.kind ? why : bad;
        checkpoints_free(out);
        return -1;
    }
    out->end.events = check.events;
    out->end.size = check.size;
    memcpy(out->end.head, check.head, LOG_HASH);
    return 0;
}

void checkpoints_free(struct checkpoints *c)
{
    free(c->at);
    c->at = NULL;
    c->n = 0;
}
