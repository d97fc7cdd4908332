/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/run-requests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/event.h"
#include "audit/logcheck.h"
#include "base/block.h"
#include "base/clock.h"
#include "base/number.h"

/* What an event says of the request that it is about. */
enum said {
    ANSWERED,
    FAILED,      /* or lost, when there is no id */
    FAILED_BEFORE, /* the same, of a request that was told of already */
    LOST,
};

static const struct row {
    const char *event;
    enum said said;
} rows[] = {
    { "caller", ANSWERED },   { "snapshot", ANSWERED },
    { "answer", ANSWERED },   { "rejected", ANSWERED },
    { "retry", FAILED },      { "throttled", FAILED },
    { "failed", FAILED },     { "not_ready", FAILED },
    { "token", FAILED },      { "clock", FAILED },
    { "expired", FAILED },
    { "unreadable", FAILED_BEFORE },
    { "late", LOST },
};

/* Room for one more of `n' things of `size' bytes. */
static int grow(void *list, size_t n, size_t size, struct err *e)
{
    void **at = list;
    void *more;

    if (n & (n - 1)) /* grows at powers of two alone */
        return 0;
    more = realloc(*at, (n ? 2 * n : 1) * size);
    if (!more)
        return err_nomem(e);
    *at = more;
    return 0;
}

/* "/snapshots/ID/blocks/N" */
static uint64_t block_of(const cJSON *event)
{
    const char *path = event_text(event, "path");
    const char *at = path ? strstr(path, "/blocks/") : NULL;
    uint64_t block;

    if (event_number(event, "block", &block))
        return block;
    return at && number_parse(at + strlen("/blocks/"), &block) == 0
        ? block : RUN_NO_BLOCK;
}

static bool is_data(const cJSON *event)
{
    const char *path = event_text(event, "path");

    return path ? strncmp(path, "/snapshots/", 11) == 0
                : block_of(event) != RUN_NO_BLOCK;
}

static int add_silent(struct run_requests *q, const cJSON *event,
                      struct err *e)
{
    if (grow(&q->silent, q->nsilent, sizeof(*q->silent), e) < 0)
        return -1;
    q->silent[q->nsilent++] = block_of(event);
    return 0;
}

static int add(struct run_requests *q, const cJSON *event, const char *id,
               bool answered, uint64_t line, struct err *e)
{
    struct run_request *x;

    if (grow(&q->list, q->count, sizeof(*q->list), e) < 0)
        return -1;
    x = &q->list[q->count++];
    *x = (struct run_request){ .line = line, .block = block_of(event),
                               .answered = answered,
                               .data = is_data(event) };
    snprintf(x->id, sizeof(x->id), "%s", id);
    return 0;
}

static int take_request(struct run_requests *q, const cJSON *event,
                        enum said said, uint64_t line, struct err *e)
{
    const char *id = event_text(event, "request_id");

    if (said == LOST)
        return add_silent(q, event, e);
    if (id && *id)
        return add(q, event, id, said == ANSWERED, line, e);
    return said == FAILED ? add_silent(q, event, e) : 0;
}

static int add_key(struct run_requests *q, const cJSON *event,
                   struct err *e)
{
    const char *key = event_text(event, "access_key_id");

    if (!key || !*key)
        return 0;
    if (grow(&q->keys, q->nkeys, sizeof(*q->keys), e) < 0)
        return -1;
    q->keys[q->nkeys] = strdup(key);
    if (!q->keys[q->nkeys])
        return err_nomem(e);
    q->nkeys++;
    return 0;
}

static void take_counts(struct run_requests *q, const cJSON *event,
                        const char *name)
{
    uint64_t n;

    if (strcmp(name, "recheck") == 0 && event_number(event, "compared", &n))
        q->compared += n;
    if (strcmp(name, "since") == 0 && event_number(event, "audited", &n))
        q->compared += n;
    if (strcmp(name, "cache") == 0 && event_number(event, "compared", &n))
        q->compared += n;
    q->lists |= strcmp(name, "answer") == 0;
    if (strcmp(name, "resume") == 0)
        q->resumed = q->last;
    if ((strcmp(name, "resume") == 0 || strcmp(name, "rewind") == 0)
        && event_number(event, "offset", &n) && n / BLOCK_SIZE < q->gone_on)
        q->gone_on = n / BLOCK_SIZE;
}

struct reading_log {
    struct run_requests *q;
    struct logcheck check;
    /* Of this session: `throttled' events, and how many more there were, by
     * what they say, or by its end, which knows it better. */
    uint64_t told, untold;
};

static void take_throttled(struct reading_log *l, const cJSON *event,
                           const char *name)
{
    uint64_t n;

    if (strcmp(name, "resume") == 0) {
        l->q->throttled += l->untold;
        l->told = l->untold = 0;
    } else if (strcmp(name, "throttled") == 0) {
        l->told++;
        l->untold += event_number(event, "more", &n) ? n : 0;
    } else if (strcmp(name, "end") == 0
               && event_number(event, "throttled", &n) && n > l->told) {
        l->untold = n - l->told;
    }
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct reading_log *l = ctx;
    struct run_requests *q = l->q;
    const char *name = event_name(event);
    const char *time = event_text(event, "time");

    q->last = time ? clock_parse_iso(time) : q->last;
    if (!q->first)
        q->first = q->last;
    take_counts(q, event, name);
    take_throttled(l, event, name);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].event, name) == 0)
            return take_request(q, event, rows[i].said,
                                l->check.events + 1, e);
    return strcmp(name, "credentials") == 0 || strcmp(name, "renewed") == 0
        ? add_key(q, event, e) : 0;
}

/* Of two events about one request that which says that it was answered. */
static int by_id(const void *a, const void *b)
{
    const struct run_request *x = a, *y = b;
    int r = strcmp(x->id, y->id);

    return r ? r : (int)y->answered - (int)x->answered;
}

static void sort(struct run_requests *q)
{
    size_t kept = 0;

    if (q->count)
        qsort(q->list, q->count, sizeof(*q->list), by_id);
    for (size_t i = 0; i < q->count; i++)
        if (!kept || strcmp(q->list[kept - 1].id, q->list[i].id) != 0)
            q->list[kept++] = q->list[i];
    q->count = kept;
}

int run_requests_read(const char *path, struct run_requests *out,
                      struct err *e)
{
    struct reading_log l = { .q = out };
    int r;

    memset(out, 0, sizeof(*out));
    out->gone_on = RUN_NO_BLOCK;
    r = logcheck_read(path, on_event, &l, &l.check, e);
    out->throttled += l.untold;
    sort(out);
    return r;
}

void run_requests_free(struct run_requests *q)
{
    for (size_t i = 0; i < q->nkeys; i++)
        free(q->keys[i]);
    free(q->keys);
    free(q->silent);
    free(q->list);
    memset(q, 0, sizeof(*q));
}

static int has_id(const void *id, const void *request)
{
    const struct run_request *x = request;

    return strcmp(id, x->id);
}

struct run_request *run_requests_find(struct run_requests *q,
                                      const char *id)
{
    return q->count ? bsearch(id, q->list, q->count, sizeof(*q->list),
                              has_id) : NULL;
}
