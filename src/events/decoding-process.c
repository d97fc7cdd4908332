/* SPDX-License-Identifier: Apache-2.0 */
/* The side that runs the decoders.  Whatever becomes of it here, all it has is
 * its socket. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "events/decoding-private.h"
#include "files/wire.h"

struct work {
    struct wire wire;
    const unsigned char *shared;
};

static int put(struct work *w, enum decoding_kind kind, const void *a,
               size_t na, const struct text *b, struct err *e)
{
    return wire_put(&w->wire, (enum wire_kind)kind, a, na, b ? b->s : NULL,
                    b ? b->len : 0, e);
}

/* ------------------------------------------------------------------- events */

static uint64_t sum_of(const unsigned char *p, size_t n)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * UINT64_C(1099511628211);
    return h;
}

static size_t add_cut(struct text *t, const void *s, size_t n, size_t most)
{
    size_t part = n < most ? n : most;

    if (s)
        text_addn(t, s, part);
    return s ? part : 0;
}

/* A text that is cut would be the key of others with the same beginning. */
static uint32_t add_key(struct text *t, const void *key, size_t n)
{
    const uint64_t all[] = { n, n > DECODING_KEY_MAX ? sum_of(key, n) : 0 };
    size_t size = add_cut(t, key, n, DECODING_KEY_MAX);

    if (n <= DECODING_KEY_MAX)
        return (uint32_t)size;
    text_addn(t, (const char *)all, sizeof(all));
    return (uint32_t)(size + sizeof(all));
}

static int on_event(void *ctx, const struct event *v, struct err *e)
{
    autotext struct text t = TEXT_INIT;
    bool is_key = !v->key && v->text.n > DECODING_TEXT_MAX;
    struct decoding_event x;

    memset(&x, 0, sizeof(x));
    x.time = v->time;
    x.id = v->id;
    x.at = v->at;
    x.size = v->size;
    x.minutes = v->minutes;
    x.zone = v->zone;
    x.year = v->year;
    x.has_id = v->has_id;
    x.is_part = v->is_part;
    x.has_host = v->host.s != NULL;
    x.has_text = v->text.s != NULL;
    x.has_key = v->key || is_key;
    snprintf(x.source, sizeof(x.source), "%s", v->source);
    x.host_size = (uint32_t)add_cut(&t, v->host.s, v->host.n,
                                    DECODING_TEXT_MAX);
    x.text_size = (uint32_t)add_cut(&t, v->text.s, v->text.n,
                                    DECODING_TEXT_MAX);
    if (x.has_key)
        x.key_size = add_key(&t, is_key ? v->text.s : v->key,
                             is_key ? v->text.n : v->key_size);
    return t.failed ? err_nomem(e)
                    : put(ctx, DECODING_EVENT, &x, sizeof(x), &t, e);
}

static void on_note(void *ctx, const char *text)
{
    struct err ignored = ERR_INIT;

    put(ctx, DECODING_NOTE, text, strlen(text) + 1, NULL, &ignored);
}

/* --------------------------------------------------------------------- jobs */

static int run(struct work *w, const struct decoding_job *j, const char *path,
               struct err *e)
{
    const struct event_decoder *d = event_decoders[j->decoder];
    const struct event_out out = { w, on_event, on_note };
    const struct event_span span = {
        .bytes = w->shared, .size = (size_t)j->size, .is_file = j->is_file,
        .path = path, .has_modified = j->has_modified,
        .modified = j->modified,
    };

    if (j->deed == DECODING_PROBE)
        return d->probe(path ? path : "", w->shared, (size_t)j->size);
    if (j->deed == DECODING_CARVE)
        return d->carve ? d->carve(&span, &out, e) : 0;
    return d->decode(&span, &out, e);
}

static int do_job(struct work *w)
{
    struct err e = ERR_INIT;
    struct decoding_end end = { 0 };
    struct decoding_job j;
    autotext struct text path = TEXT_INIT;

    if (w->wire.in.len <= sizeof(j))
        return -1;
    memcpy(&j, w->wire.in.s, sizeof(j));
    text_add(&path, w->wire.in.s + sizeof(j));
    if (path.failed || j.decoder >= event_decoder_count
        || j.size > EVENT_SPAN_MAX)
        return -1;
    end.result = run(w, &j, j.has_path ? path.s : NULL, &e);
    snprintf(end.why, sizeof(end.why), "%.199s", e.msg);
    if (put(w, DECODING_END, &end, sizeof(end), NULL, &e) < 0)
        return -1;
    return wire_flush(&w->wire, &e);
}

int decoding_process(int fd, const unsigned char *shared)
{
    struct work w = { .wire = { .fd = fd }, .shared = shared };
    struct err ignored = ERR_INIT;
    enum wire_kind kind = 0;
    int r;

    while ((r = wire_get(&w.wire, &kind, &ignored)) > 0)
        if ((enum decoding_kind)kind != DECODING_JOB || do_job(&w) < 0)
            return 1;
    wire_free(&w.wire);
    return r < 0;
}
