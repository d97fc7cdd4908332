/* SPDX-License-Identifier: Apache-2.0 */
/* What the process that decodes logs and its owner say to each other, in the
 * messages of files/wire.h.  The bytes themselves lie in memory that both have,
 * and that the owner alone writes to and never reads. */
#ifndef EBSIMG_EVENTS_DECODING_PRIVATE_H
#define EBSIMG_EVENTS_DECODING_PRIVATE_H

#include "events/event.h"

enum decoding_kind {
    DECODING_JOB = 101,        /* the owner: struct decoding_job, path */
    DECODING_EVENT,            /* struct decoding_event, its texts */
    DECODING_NOTE,             /* a sentence with its end */
    DECODING_END,              /* struct decoding_end */
};

enum decoding_deed { DECODING_PROBE, DECODING_DECODE, DECODING_CARVE };

struct decoding_job {
    uint32_t deed, decoder;    /* the latter in event_decoders */
    uint64_t size;             /* of the bytes */
    int64_t modified;
    bool is_file, has_modified, has_path;
};

/* So much of a text is sent, and of a key, which then ends with its size and
 * a sum of all of it. */
#define DECODING_TEXT_MAX 65536u
#define DECODING_KEY_MAX 262144u
#define DECODING_WORD 12u      /* letters of a source */

struct decoding_event {
    int64_t time;
    uint64_t id, at, size;
    int32_t minutes;
    uint32_t zone, year;
    bool has_id, is_part, has_host, has_text, has_key;
    char source[DECODING_WORD + 1];
    uint32_t host_size, text_size, key_size;
};

struct decoding_end {
    int32_t result;            /* of a probe: is it one? */
    char why[200];             /* when it is negative */
};

/* The process; `shared' are the bytes. */
int decoding_process(int fd, const unsigned char *shared);

#endif
