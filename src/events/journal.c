/* SPDX-License-Identifier: Apache-2.0 */
#include "events/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "events/journal-object.h"
#include "events/journal-origin.h"
#include "events/journal-text.h"

enum {
    STEP = 8,
    AT_KEY = 16, KEY_SIZE = 48, /* number, times, boot, hash */
};

/* A larger object may be a trap that hides what is behind it. */
#define SKIP_MAX (1u << 20)

/* One span, while it is looked through. */
struct work {
    const struct event_span *span;
    const struct event_out *out;
    struct journal_bytes bytes;
    struct text text;
    unsigned compressed;       /* entries whose message was not read */
    uint32_t features;         /* unknown ones */
};

/* Whether anything of it is missing. */
static bool make_text(struct work *w, const struct journal_entry *v,
                      const struct journal_found *f)
{
    struct text *t = &w->text;
    bool has_message;

    text_clear(t);
    if (!f->is_proven) {
        text_addf(t, "entry %" PRIu64 ", its message is not with it",
                  v->seqnum);
        return true;
    }
    has_message = journal_fields_tell(&f->fields, t);
    if (!has_message && f->compressed) {
        text_addf(t, "%smessage compressed, not read", t->len ? ": " : "");
        w->compressed++;
    } else if (!has_message) {
        text_addf(t, "%sentry %" PRIu64 ", its message is %s",
                  t->len ? ": " : "", v->seqnum,
                  f->missing || f->unproven ? "not with it" : "empty");
    }
    if (f->is_altered)
        text_add(t, " (these are not the data of the entry's hash)");
    return f->is_altered || f->missing || f->unproven
        || (!has_message && f->compressed);
}

static int tell(struct work *w, size_t at, const struct journal_entry *entry,
                struct err *e)
{
    struct journal_found f;
    struct event v = {
        .time = entry->realtime, .zone = EVENT_UTC, .source = "journal",
        .has_id = true, .id = entry->seqnum, .at = at, .size = entry->size,
        .key = w->span->bytes + at + AT_KEY, .key_size = KEY_SIZE,
    };

    journal_origin_find(&w->bytes, at, entry, &f);
    v.is_part = make_text(w, entry, &f);
    if (w->text.failed)
        return err_nomem(e);
    v.text = (struct event_text){ w->text.s, w->text.len };
    if (f.is_proven && f.fields.host.s)
        v.host = (struct event_text){ (const char *)f.fields.host.s,
                                      f.fields.host.n };
    return w->out->event(w->out->ctx, &v, e);
}

/* A file begins here.  With a feature that nobody knows, its data may be
 * anything. */
static void begin_file(struct work *w, size_t at,
                       const struct journal_header *h)
{
    uint32_t unknown = h->features & ~JOURNAL_FEATURES;

    w->features |= unknown;
    w->bytes.is_closed = unknown != 0;
    w->bytes.has_origin = unknown == 0;
    w->bytes.is_file = unknown == 0 && w->span->is_file && at == 0;
    w->bytes.origin = (int64_t)at;
    w->bytes.compact = (h->features & JOURNAL_COMPACT) != 0;
    w->bytes.met = 0;
}

/* Data may hold what looks like an entry: they are passed over when an object
 * follows them, as it must. */
static size_t pass_data(struct work *w, size_t at, size_t size)
{
    size_t end = at + (size + 7) / 8 * 8;

    journal_origin_met(&w->bytes, at);
    return size <= SKIP_MAX && end <= w->span->size
        && journal_object_at(w->span->bytes + end, w->span->size - end)
        ? end : at + STEP;
}

static int step(struct work *w, size_t *at, struct err *e)
{
    const unsigned char *p = w->span->bytes + *at;
    size_t n = w->span->size - *at, here = *at;
    struct journal_header h;
    struct journal_entry v;
    struct journal_data d;

    if (journal_entry_at(&v, p, n)) {
        *at += (v.size + 7) / 8 * 8;
        return tell(w, here, &v, e);
    }
    if (journal_data_at(&d, p, n, true) || journal_data_at(&d, p, n, false)) {
        *at = pass_data(w, here, d.size);
        return 0;
    }
    if (journal_header_at(&h, p, n))
        begin_file(w, here, &h);
    *at += STEP;
    return 0;
}

static void tell_notes(const struct work *w)
{
    char note[96];

    if (w->compressed) {
        snprintf(note, sizeof(note), "the messages of %u entries are "
                 "compressed, and were not read", w->compressed);
        w->out->note(w->out->ctx, note);
    }
    if (w->features) {
        snprintf(note, sizeof(note), "the journal has unknown features "
                 "(0x%" PRIx32 "), its messages were not read", w->features);
        w->out->note(w->out->ctx, note);
    }
}

static int read_span(const struct event_span *s, const struct event_out *o,
                     struct err *e)
{
    struct work w = { .span = s, .out = o };
    int r = 0;

    journal_origin_init(&w.bytes, s->bytes, s->size);
    for (size_t at = 0; r == 0 && at + STEP <= s->size;) {
        unsigned char c = s->bytes[at];

        /* Nearly all bytes are the beginning of nothing. */
        if (c == 1 || c == 3 || c == 'L')
            r = step(&w, &at, e);
        else
            at += STEP;
    }
    if (r == 0)
        tell_notes(&w);
    text_free(&w.text);
    return r;
}

static bool probe(const char *path, const unsigned char *head, size_t n)
{
    (void)path;
    return n >= 8 && memcmp(head, "LPKSHHRH", 8) == 0;
}

const struct event_decoder journal_decoder = { "journal", probe, read_span,
                                               read_span };
