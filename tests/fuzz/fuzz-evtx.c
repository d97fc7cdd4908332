/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of a volume with records of a Windows event log among them. */
#include <string.h>

#include "events/evtx-xml.h"
#include "events/evtx.h"
#include "fuzz.h"

/* What each event may be at most: its data, four words, and the labels that
 * are written before a bound is seen. */
#define TEXT_MAX (EVTX_DATA_MAX + 4 * EVTX_WORD_MAX + 512)

static int event(void *ctx, const struct event *v, struct err *e)
{
    const struct event_span *s = ctx;
    static char copy[TEXT_MAX + 1];

    (void)e;
    MUST(v->size > 0 && v->at % 8 == 0);
    MUST(v->at < s->size && v->size <= s->size - v->at);
    MUST(v->key == s->bytes + v->at && v->key_size == v->size);
    MUST(v->has_id && v->time > 0 && v->zone == EVENT_UTC);
    MUST(v->text.n > 0 && v->text.n <= TEXT_MAX);
    memcpy(copy, v->text.s, v->text.n);
    copy[v->text.n] = '\0';
    MUST(fuzz_is_utf8(copy));
    return 0;
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    MUST(*text);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    struct event_span s = { data, size };
    struct event_out o = { &s, event, note };
    struct err e = ERR_INIT;

    MUST(evtx_decoder.carve(&s, &o, &e) == 0);
    return 0;
}
