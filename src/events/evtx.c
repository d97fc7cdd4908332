/* SPDX-License-Identifier: Apache-2.0 */
#include "events/evtx.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "events/evtx-record.h"
#include "events/evtx-xml.h"

enum { STEP = 8 };

/* One span, while it is looked through. */
struct work {
    const struct event_span *span;
    const struct event_out *out;
    struct evtx_xml xml;
    struct text text;
    unsigned chunks_wrong;     /* by their checksums */
};

/* ------------------------------------------------------------------- event */

/* "event 4625 of Microsoft-Windows-Security-Auditing in Security: NAME=..." */
static void describe(struct text *t, const struct evtx_xml *x)
{
    text_addf(t, "event %s", x->event.len ? x->event.s : "?");
    if (x->provider.len)
        text_addf(t, " of %s", x->provider.s);
    if (x->channel.len)
        text_addf(t, " in %s", x->channel.s);
    if (x->data.len)
        text_addf(t, ": %s", x->data.s);
    if (x->is_cut)
        text_add(t, " (cut)");
}

/* What is known without a template. */
static void describe_bare(struct text *t, const struct evtx_record *r)
{
    text_addf(t, "record %" PRIu64 ", %s", r->id,
              r->size ? "template missing" : "its end is missing");
}

/* In the view, when there is one, the record is at `in_chunk'. */
static bool make_text(struct work *w, const struct evtx_record *r,
                      const struct evtx_view *view, size_t in_chunk)
{
    struct evtx_xml *x = &w->xml;
    bool has_xml = view && r->size;

    text_clear(&w->text);
    if (has_xml
        && !evtx_xml_read(x, view, in_chunk + EVTX_RECORD_HEAD,
                          r->size - EVTX_RECORD_HEAD - 4))
        return false;
    has_xml = has_xml && (x->event.len || x->provider.len || x->data.len);
    if (has_xml)
        describe(&w->text, x);
    else
        describe_bare(&w->text, r);
    return !w->text.failed;
}

static int tell(struct work *w, const struct evtx_record *r,
                const struct evtx_view *view, size_t in_chunk, struct err *e)
{
    const struct evtx_xml *x = &w->xml;
    bool has_xml;
    struct event v = {
        .time = (int64_t)(r->time / 1000), .zone = EVENT_UTC,
        .source = "evtx", .has_id = true, .id = r->id,
        .key = w->span->bytes + r->at, .at = r->at,
        .size = r->size ? r->size : EVTX_RECORD_HEAD,
    };

    if (!make_text(w, r, view, in_chunk))
        return err_nomem(e);
    has_xml = strncmp(w->text.s, "event ", 6) == 0;
    if (has_xml && x->computer.len)
        v.host = (struct event_text){ x->computer.s, x->computer.len };
    v.text = (struct event_text){ w->text.s, w->text.len };
    v.is_part = !has_xml || x->is_part || x->is_cut;
    v.key_size = v.size;
    return w->out->event(w->out->ctx, &v, e);
}

/* ------------------------------------------------------------------- chunk */

/* The chunk at `at' up to *end, or to another chunk, where *end is then: of a
 * file in pieces the rest of a chunk is elsewhere.  Records behind the free
 * space's beginning are of this chunk when they go on where it ended: it was
 * being written.  Others are of an earlier one. */
static int read_chunk(struct work *w, const struct evtx_chunk *c, size_t at,
                      size_t *end, struct err *e)
{
    const unsigned char *bytes = w->span->bytes;
    struct evtx_view view = { bytes + at, 0, *end - at };
    uint64_t last = c->last_id;

    for (size_t i = at + EVTX_CHUNK_HEAD; i < *end;) {
        struct evtx_record r = { .at = i };
        struct evtx_chunk next;
        bool is_own;

        if (evtx_chunk_at(&next, bytes + i, w->span->size - i))
            *end = i;
        if (i == *end || !evtx_record_at(&r, bytes + i, *end - i)) {
            i += STEP;
            continue;
        }
        is_own = i - at < c->free || r.id == last + 1;
        if (is_own)
            last = r.id;
        if (tell(w, &r, is_own ? &view : NULL, i - at, e) < 0)
            return -1;
        i += r.size ? r.size : STEP;
    }
    return 0;
}

/* ----------------------------------------------------------------- orphans */

/* The records that lie behind each other there, numbered so: of one chunk.
 * Where the last ends; and the chunk's beginning before the first, if one of
 * them tells it. */
static size_t run_of(const unsigned char *p, size_t n, bool *has_place,
                     size_t *before)
{
    size_t at = 0, place;
    struct evtx_record r;
    uint64_t next = 0;

    *has_place = false;
    while (at < EVTX_CHUNK && evtx_record_at(&r, p + at, n - at) && r.size
           && (at == 0 || r.id == next)) {
        if (!*has_place && evtx_record_place(p + at, r.size, &place)
            && place >= at + EVTX_CHUNK_HEAD) {
            *has_place = true;
            *before = place - at;
        }
        next = r.id + 1;
        at += r.size;
    }
    return at;
}

static int read_orphans(struct work *w, size_t at, size_t *end, struct err *e)
{
    const unsigned char *bytes = w->span->bytes;
    bool has_place;
    size_t before = 0, size;
    struct evtx_view view;

    size = run_of(bytes + at, w->span->size - at, &has_place, &before);
    view = (struct evtx_view){ bytes + at, before, before + size };
    *end = at + size;
    for (size_t i = at; i < at + size;) {
        struct evtx_record r = { .at = i };

        evtx_record_at(&r, bytes + i, at + size - i);
        if (tell(w, &r, has_place ? &view : NULL, before + (i - at), e) < 0)
            return -1;
        i += r.size;
    }
    return 0;
}

/* ---------------------------------------------------------------- the span */

static int step(struct work *w, size_t *at, struct err *e)
{
    const unsigned char *p = w->span->bytes + *at;
    size_t n = w->span->size - *at, end;
    struct evtx_chunk c;
    struct evtx_record r = { .at = *at };

    if (evtx_chunk_at(&c, p, n)) {
        end = *at + (c.is_cut ? n : EVTX_CHUNK);
        w->chunks_wrong += !c.head_is_right || (!c.is_cut
                                                && !c.records_are_right);
        if (read_chunk(w, &c, *at, &end, e) < 0)
            return -1;
        *at = end;
        return 0;
    }
    if (!evtx_record_at(&r, p, n)) {
        *at += STEP;
        return 0;
    }
    if (r.size)
        return read_orphans(w, *at, at, e);
    *at += STEP;
    return tell(w, &r, NULL, 0, e);
}

static int read_span(const struct event_span *s, const struct event_out *o,
                     struct err *e)
{
    struct work w = {
        .span = s, .out = o,
        .xml.budget = (uint64_t)s->size * EVTX_STEPS_PER_BYTE,
    };
    char note[96];
    int r = 0;

    for (size_t at = 0; r == 0 && at + STEP <= s->size;) {
        /* Nearly all bytes are neither. */
        if (s->bytes[at] == '*' || s->bytes[at] == 'E')
            r = step(&w, &at, e);
        else
            at += STEP;
    }
    if (r == 0 && w.chunks_wrong) {
        snprintf(note, sizeof(note), "the checksums of %u chunks are wrong, "
                 "their records were read one by one", w.chunks_wrong);
        o->note(o->ctx, note);
    }
    evtx_xml_free(&w.xml);
    text_free(&w.text);
    return r;
}

static bool probe(const char *path, const unsigned char *head, size_t n)
{
    (void)path;
    return n >= 8 && memcmp(head, "ElfFile", 8) == 0;
}

const struct event_decoder evtx_decoder = { "evtx", probe, read_span,
                                            read_span };
