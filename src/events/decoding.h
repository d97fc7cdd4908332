/* SPDX-License-Identifier: Apache-2.0 */
/* Decoders, in a process of their own (files/sandbox.h): what an attacker has
 * written into a log is read where there are no keys, no files and no network.
 *
 * The processes are made before keys are in memory; since none can be made
 * later there are some in store, and when one ends over the bytes that it was
 * given these are left out, with a word, and the next takes over.  What a
 * process says is believed no more than the disk.  One thread. */
#ifndef EBSIMG_EVENTS_DECODING_H
#define EBSIMG_EVENTS_DECODING_H

#include "events/event.h"
#include "files/sandbox.h"
#include "files/wire.h"

#define DECODING_PROCESSES 4u
#define DECODING_WORDS 32u     /* sources that there may be */

struct decoding {
    struct {
        struct sandbox sandbox;
        struct wire wire;
    } process[DECODING_PROCESSES];
    unsigned used;             /* processes that have ended */
    unsigned char *shared;     /* the bytes */
    char words[DECODING_WORDS][16];
    char why[200];             /* that the last bytes were left out */
};

/* Nothing yet: decoding_close() is fine from here on. */
void decoding_init(struct decoding *d);
int decoding_start(struct decoding *d, struct err *e);
void decoding_close(struct decoding *d);

/* These bytes, at most EVENT_SPAN_MAX, are what the next calls are about. */
void decoding_give(struct decoding *d, const unsigned char *bytes, size_t n);

/* As the decoder of that number would say it; false, too, when it came to no
 * end: *lost then. */
bool decoding_probe(struct decoding *d, size_t decoder, const char *path,
                    size_t n, bool *lost, struct err *e);
/* As decode() or carve() of it; s->bytes counts for nothing.  1: the process
 * has ended, or has said nonsense: what it told before is not all, and d->why
 * says what happened.  -1: event() failed, or memory did. */
int decoding_decode(struct decoding *d, size_t decoder, bool carve,
                    const struct event_span *s, const struct event_out *o,
                    struct err *e);

#endif
