/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/span.h"

#include <string.h>

#include "base/thread.h"
#include "scan/wide.h"

/* A piece of memory that is scanned, and what its bytes are on the volume. */
struct piece {
    const struct span_work *work;
    const unsigned char *bytes;
    uint64_t offset;           /* of its first byte */
    unsigned stride;           /* bytes there for one here */
    size_t n;                  /* its length, where it is cut ... */
    bool cut_before, cut_after; /* ... by a character that is not read */
};

static uint64_t place(const struct piece *p, size_t at)
{
    return p->offset + (uint64_t)at * p->stride;
}

static bool is_ours(const struct span_work *w, uint64_t from, uint64_t to)
{
    return from >= w->part->own && from < w->part->own_end
        && from < w->changed_end && to > w->changed;
}

static bool is_cut(const struct piece *p, const struct found *f)
{
    return (p->cut_before && f->secret == 0)
        || (p->cut_after && f->secret + f->secret_len == p->n);
}

static int take(void *ctx, const struct found *f, struct err *e)
{
    const struct piece *p = ctx;
    struct scan *s = p->work->scan;
    const struct hit h = {
        .offset = place(p, f->secret),
        .length = (uint64_t)f->secret_len * p->stride,
        .match = place(p, f->start),
        .match_end = place(p, f->end),
        .subject_at = place(p, f->subject),
        .subject_end = place(p, f->subject + f->subject_len),
        .rule = (uint32_t)f->rule,
        .side = (uint8_t)p->work->side,
        .encoding = p->stride == 2 ? HIT_UTF16LE : HIT_ASCII,
        .cut = is_cut(p, f),
        .fuzzy = s->rules.list[f->rule].fuzzy,
    };
    const struct hit_text t = {
        .secret = p->bytes + f->secret,
        .secret_len = f->secret_len,
        .subject = p->bytes + f->subject,
        .subject_len = f->subject_len,
    };

    if (!is_ours(p->work, h.match, h.match_end)
        || !allocation_wants(&s->allocation, h.match, h.match_end))
        return 0;
    AUTOLOCK(&s->hits_lock);
    return hits_add(&s->hits, &h, &t, e);
}

/* Bytes as they are, in whatever encoding the rule looks for. */
static int take_string(void *ctx, size_t rule, size_t at, size_t len,
                       struct err *e)
{
    const struct piece *p = ctx;
    struct scan *s = p->work->scan;
    const struct hit h = {
        .offset = place(p, at), .length = len,
        .match = place(p, at), .match_end = place(p, at + len),
        .rule = (uint32_t)(s->rules.count + rule),
        .side = (uint8_t)p->work->side,
        .encoding = HIT_BYTES, .apart = true,
    };
    const struct hit_text t = { .secret = p->bytes + at, .secret_len = len };

    if (!is_ours(p->work, h.match, h.match_end)
        || !allocation_wants(&s->allocation, h.match, h.match_end))
        return 0;
    AUTOLOCK(&s->hits_lock);
    return hits_add(&s->hits, &h, &t, e);
}

static int scan_wide(struct span_work *w, const struct piece *p, size_t n,
                     struct err *e)
{
    size_t at = 0;
    size_t len;

    while (wide_next(p->bytes, n, &at, w->narrow, &len)) {
        struct piece narrow = {
            w, w->narrow, p->offset + at, 2, len,
            at >= 2 && wide_is_foreign(p->bytes, n, at - 2),
            wide_is_foreign(p->bytes, n, at + len * 2),
        };

        if (engine_scan(w->engine, w->narrow, len, take, &narrow, e) < 0)
            return -1;
        at += len * 2;
    }
    return 0;
}

static bool is_zero(const unsigned char *bytes, size_t n)
{
    return n == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, n - 1) == 0);
}

int span_scan(struct span_work *w, struct err *e)
{
    const struct window_part *part = w->part;
    uint64_t from = w->changed > part->from + WINDOW_MARGIN
        ? w->changed - WINDOW_MARGIN : part->from;
    uint64_t to = w->changed_end + WINDOW_MARGIN < part->to
        ? w->changed_end + WINDOW_MARGIN : part->to;
    struct piece p = { w, w->bytes + (from - part->from), from, 1, 0, false,
                       false };
    size_t n = (size_t)(to - from);

    w->scan->scanned += n;
    if (is_zero(p.bytes, n))
        return 0;
    if (w->yara && yara_scan(w->yara, p.bytes, n, take_string, &p, e) < 0)
        return -1;
    if (!w->engine)
        return 0;
    if (scan_wide(w, &p, n, e) < 0)
        return -1;
    wide_end_lines(w->text, p.bytes, n);
    p.bytes = w->text;
    return engine_scan(w->engine, p.bytes, n, take, &p, e);
}
