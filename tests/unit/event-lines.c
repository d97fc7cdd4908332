/* Prints what a decoder of events finds in a file:
 *
 *     event-lines evtx|journal decode|carve FILE
 *
 * one line an event, "TIME-IN-US ID OFFSET whole|part HOST TEXT", what stands
 * for nothing being "-"; then "note TEXT". */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "events/event.h"
#include "events/evtx.h"
#include "events/journal.h"

static const struct event_decoder *const decoders[] = { &evtx_decoder,
                                                 &journal_decoder };

static void add_shown(struct text *line, struct event_text t)
{
    autofree char *s = t.s ? strndup(t.s, t.n) : NULL;

    text_add(line, " ");
    text_add_shown(line, s && *s ? s : "-");
}

static int print_event(void *ctx, const struct event *v, struct err *e)
{
    autotext struct text line = TEXT_INIT;

    (void)ctx;
    (void)e;
    text_addf(&line, "%" PRId64 " %" PRIu64 " %zu %s", v->time, v->id, v->at,
              v->is_part ? "part" : "whole");
    add_shown(&line, v->host);
    add_shown(&line, v->text);
    puts(line.s);
    return 0;
}

static void print_note(void *ctx, const char *text)
{
    (void)ctx;
    printf("note %s\n", text);
}

int main(int argc, char **argv)
{
    struct event_out out = { NULL, print_event, print_note };
    struct event_span span = { .path = argc == 4 ? argv[3] : NULL };
    autofclose FILE *f = argc == 4 ? fopen(argv[3], "rb") : NULL;
    autofree unsigned char *bytes = malloc(EVENT_SPAN_MAX);
    struct err e = ERR_INIT;

    if (!f || !bytes)
        return 2;
    span.size = fread(bytes, 1, EVENT_SPAN_MAX, f);
    span.bytes = bytes;
    span.is_file = strcmp(argv[2], "decode") == 0;
    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++) {
        const struct event_decoder *d = decoders[i];

        if (strcmp(d->name, argv[1]) == 0)
            return (span.is_file ? d->decode : d->carve)(&span, &out, &e) < 0;
    }
    return 2;
}
