/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes of a volume with entries of a systemd journal among them; of an odd
 * number of bytes, all but the last are a whole file. */
#include <string.h>

#include "events/journal.h"
#include "events/journal-text.h"
#include "fuzz.h"

/* A message, two words with what is around them, and the notes behind. */
#define TEXT_MAX (JOURNAL_MESSAGE_MAX + 2 * JOURNAL_WORD_MAX + 128)

static int event(void *ctx, const struct event *v, struct err *e)
{
    const struct event_span *s = ctx;

    (void)e;
    MUST(v->at % 8 == 0 && v->size > 64);
    MUST(v->at < s->size && v->size <= s->size - v->at);
    MUST(v->key == s->bytes + v->at + 16 && v->key_size == 48);
    MUST(v->has_id && v->id > 0 && v->time > 0 && v->zone == EVENT_UTC);
    MUST(v->text.n > 0 && v->text.n <= TEXT_MAX);
    MUST(!v->host.s || (v->host.s > (const char *)s->bytes
                        && v->host.n <= s->size));
    return 0;
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    MUST(*text);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    struct event_span s = { data, size - size % 2, .is_file = size % 2 };
    struct event_out o = { &s, event, note };
    struct err e = ERR_INIT;

    MUST(journal_decoder.carve(&s, &o, &e) == 0);
    return 0;
}
