/* SPDX-License-Identifier: Apache-2.0 */
/* A string that grows, and the ways in which text must be escaped before it
 * goes somewhere.  Text from the service, from a disk or from a file name is
 * hostile: it goes through one of the escapes before it reaches a terminal,
 * a log line or a header. */
#ifndef EBSIMG_BASE_TEXT_H
#define EBSIMG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `s' is always a terminated string once anything was added, else NULL.
 * When memory runs out `failed' is set and later additions do nothing: check
 * it once, at the end. */
struct text {
    char *s;
    size_t len;
    size_t room;
    bool failed;
};

#define TEXT_INIT { 0 }
#define autotext __attribute__((cleanup(text_free)))

void text_free(struct text *t);
void text_clear(struct text *t); /* empties, keeps the memory */
void text_add(struct text *t, const char *s);
void text_addn(struct text *t, const char *s, size_t n);
void text_addf(struct text *t, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A JSON string with its quotes; bytes that are not valid UTF-8 become
 * U+FFFD, control characters \u00XX; what is read back of it makes the same
 * text again. */
void text_add_json(struct text *t, const char *s);

/* For a terminal or a report: control characters and invalid UTF-8 become
 * visible escapes such as \x1b; also the Unicode controls that can reorder a
 * line (C1, bidirectional overrides). */
void text_add_shown(struct text *t, const char *s);

/* A URL that somebody gave, for a message: what may be a name and a password
 * (all between "//" and the last "@") is left out, however odd the rest. */
void text_add_url(struct text *t, const char *url);

/* Code points that move a cursor, break a line or reorder it: C0, C1, the
 * line separators and the bidirectional controls. */
bool text_is_control(int32_t cp);

/* text_add_shown() would add it as it is. */
bool text_is_plain(const char *s);

/* One word of a command line that is shown to be pasted into a shell: quoted
 * where it must be.  What could not be shown as it is (control characters,
 * backslashes, bytes that are no UTF-8) is written $'a\tb', as bash, ksh, zsh
 * and POSIX of 2024 read it: such a word must not be escaped again. */
void text_add_quoted(struct text *t, const char *s);

/* A file name as such a word, and never like an option. */
void text_add_word(struct text *t, const char *name);
/* The same, for the caller to free; NULL: no memory. */
char *text_word(const char *name);

/* RFC 3986 percent encoding: everything but A-Z a-z 0-9 - _ . ~ */
void text_add_percent(struct text *t, const char *s);

/* The decoded code point at s (at most n bytes), its length in *used; or -1
 * with *used = 1 when the bytes are not valid UTF-8. */
int32_t text_utf8(const char *s, size_t n, size_t *used);

/* How often the byte is there.  Of ',' in JSON: a bound of its values, before
 * it is parsed, which takes 64 bytes for each. */
size_t text_count(const char *s, size_t n, char c);

/* It ends so, and there is something before that. */
bool text_ends_with(const char *s, const char *end);

/* Lower-case hex, 2 * n characters and a NUL; the reverse gives -1 when the
 * text is not exactly 2 * n hex digits. */
void hex_encode(char *out, const void *data, size_t n);
int hex_decode(void *out, size_t n, const char *hex);

/* Standard base64 with padding of exactly n bytes; -1 when it is not that. */
int base64_decode(void *out, size_t n, const char *b64);

/* Overwrites secrets in a way that the compiler keeps. */
void secret_wipe(void *p, size_t n);

#endif
