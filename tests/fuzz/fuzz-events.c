/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of a disk as logs that are text, records of logins, and a packed file:
 * an entry lies where it is said to, its text is not made of other bytes, and
 * memory is bounded. */
#include <stdlib.h>
#include <string.h>

#include "events/civil.h"
#include "events/gunzip.h"
#include "events/lines.h"
#include "events/logfiles.h"
#include "events/store.h"
#include "events/utmp.h"
#include "fuzz.h"

static struct store store;

static int event(void *ctx, const struct event *v, struct err *e)
{
    const struct event_span *s = ctx;
    char time[CIVIL_TEXT];

    MUST(v->size > 0 && v->at < s->size && v->size <= s->size - v->at);
    MUST(v->text.s && v->text.n > 0 && v->text.n <= 65536);
    MUST(v->key == s->bytes + v->at && v->key_size >= v->text.n / 4);
    MUST(v->key_size <= s->size - v->at);
    MUST(v->source && strlen(v->source) <= 12);
    MUST(v->minutes > -24 * 60 && v->minutes < 24 * 60);
    MUST(strlen(civil_text(time, v->time, ' ')) >= 19);
    return store_add(&store, 0, v, NULL, v->at, e);
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    MUST(*text);
}

static void look(const struct event_decoder *d, const struct event_span *s)
{
    const struct event_out o = { (void *)(uintptr_t)s, event, note };
    struct err e = ERR_INIT;

    d->probe(s->path, s->bytes, s->size);
    MUST(d->decode(s, &o, &e) == 0);
    MUST(d->carve(s, &o, &e) == 0);
}

static int take(void *ctx, const void *out, size_t n, struct err *e)
{
    size_t *sum = ctx;

    (void)e;
    MUST(out && n);
    *sum += n;
    return *sum > 1u << 22 ? -1 : 0;
}

static void unpack(const uint8_t *data, size_t size)
{
    struct err e = ERR_INIT;
    struct gunzip *g = gunzip_new(&e);
    size_t sum = 0;

    MUST(g);
    gunzip_add(g, data, size, take, &sum, &e);
    MUST(sum <= (1u << 22) + 65536);
    gunzip_free(g);
}

static void check_names(const uint8_t *data, size_t size)
{
    char *path = fuzz_text(data, size);
    int64_t us;

    MUST(logfiles_stem(path) <= strlen(path));
    logfiles_is_place(path);
    if (civil_parse_iso(path, &us))
        MUST(us < INT64_C(253402400000) * US_PER_S);
    free(path);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    struct event_span s = { .bytes = data, .size = size, .is_file = true,
                            .path = "/var/log/wtmp", .has_modified = true,
                            .modified = INT64_C(1764540188) * US_PER_S };

    fuzz_count();
    store_init(&store, 1u << 20);
    look(&lines_decoder, &s);
    look(&utmp_decoder, &s);
    store_sort(&store);
    store_free(&store);
    fuzz_spent_at_most(1u << 24);
    unpack(data, size);
    check_names(data, size);
    return 0;
}
