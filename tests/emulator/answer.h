/* SPDX-License-Identifier: Apache-2.0 */
/* What goes back to a client: status, headers, and a body that is either
 * text or one stored block. */
#ifndef EMULATOR_ANSWER_H
#define EMULATOR_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

#define ANSWER_HEADERS 12

struct answer_header {
    const char *name;
    char value[224];
};

struct answer {
    unsigned status;
    const char *type; /* Content-Type, or NULL */
    struct answer_header headers[ANSWER_HEADERS];
    size_t header_count;
    struct bytes body;
    const uint8_t *block; /* the body if there is one, else the text is */
    bool chunked; /* text without a Content-Length */
    bool close;        /* Connection: close */
    const char *error; /* for the journal; NULL: success */
    char message[640]; /* likewise */
};

/* Forgets everything, for a different answer. */
void answer_clear(struct answer *a);

void answer_type(struct answer *a, const char *type);

/* The name must be a literal.  Replaces an earlier one of that name. */
void answer_header(struct answer *a, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
