/* SPDX-License-Identifier: Apache-2.0 */
/* A run of bytes that grows at its end: request bodies, answers, journal
 * lines.  Zero-initialise it.  When memory is out it remembers that and
 * ignores everything after, so that only the last user has to look. */
#ifndef EMULATOR_BYTES_H
#define EMULATOR_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    char *at; /* not terminated; see bytes_text() */
    size_t len;
    size_t room;
    bool broken; /* memory was out: the content is not usable */
};

void bytes_free(struct bytes *b);

/* Makes room for `more' bytes and returns where they go; the caller adds
 * what it wrote to len.  NULL when memory is out. */
char *bytes_room(struct bytes *b, size_t more);

void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_str(struct bytes *b, const char *s);
void bytes_fmt(struct bytes *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds `s' as a JSON string with its quotes; NULL becomes null. */
void bytes_json(struct bytes *b, const char *s);

/* Adds <name>s</name>, escaped. */
void bytes_xml(struct bytes *b, const char *name, const char *s);

/* The content as a string that lives until the next change; "" when memory
 * is out. */
const char *bytes_text(struct bytes *b);

#define autobytes __attribute__((cleanup(bytes_free))) struct bytes

#endif
