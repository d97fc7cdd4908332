/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a report for people: the same chapters, facts, tables and pictures,
 * as a page of HTML or as plain text.  Every text that is handed in is escaped
 * here, whoever wrote it; nothing else gets into a report.
 *
 * A scribe keeps its place: a fact, an item or a row that follows another one
 * stands beside it, anything else begins anew. */
#ifndef EBSIMG_REPORT_SCRIBE_H
#define EBSIMG_REPORT_SCRIBE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct report;

enum tone { TONE_GOOD, TONE_RESERVE, TONE_BAD };

enum scribe_place { PLACE_NONE, PLACE_FACTS, PLACE_LIST, PLACE_TABLE };

struct scribe;

struct scribe_form {
    void (*begin)(struct scribe *s, const char *title);
    void (*end)(struct scribe *s);
    void (*part)(struct scribe *s, const char *title);
    void (*verdict)(struct scribe *s, enum tone tone, const char *text);
    void (*chapter)(struct scribe *s, const char *title);
    void (*end_chapter)(struct scribe *s);
    void (*section)(struct scribe *s, const char *title);
    void (*paragraph)(struct scribe *s, const char *text);
    void (*fact)(struct scribe *s, const char *name, const char *value);
    void (*blank)(struct scribe *s, const char *name); /* to be filled in */
    void (*item)(struct scribe *s, const char *text);
    void (*table)(struct scribe *s, const char *const *heads, size_t n);
    void (*row)(struct scribe *s, const char *const *cells, size_t n);
    void (*leave)(struct scribe *s, enum scribe_place place);
    void (*enter)(struct scribe *s, enum scribe_place place);
    void (*map)(struct scribe *s, const struct report *r);
    void (*timeline)(struct scribe *s, const struct report *r);
};

struct scribe {
    struct text *t;
    const struct scribe_form *form;
    enum scribe_place place;
    bool in_chapter;
    bool on_new_page;     /* the next chapter begins one, in print */
};

extern const struct scribe_form scribe_html, scribe_text;

void scribe_begin(struct scribe *s, const struct scribe_form *form,
                  struct text *t, const char *title);
void scribe_end(struct scribe *s);
/* Of one document: begins without its head, for scribe_insert(). */
void scribe_begin_part(struct scribe *s, const struct scribe_form *form,
                       struct text *t, const char *title);
void scribe_end_part(struct scribe *s);
/* Parts that were written before. */
void scribe_insert(struct scribe *s, const struct text *parts);

void scribe_verdict(struct scribe *s, enum tone tone, const char *text);
void scribe_chapter(struct scribe *s, const char *title);
void scribe_new_page(struct scribe *s);
void scribe_section(struct scribe *s, const char *title);
void scribe_say(struct scribe *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void scribe_item(struct scribe *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Nothing when the value is "". */
void scribe_fact(struct scribe *s, const char *name, const char *value);
void scribe_factf(struct scribe *s, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Nothing when it is not told (RUN_UNTOLD). */
void scribe_bytes(struct scribe *s, const char *name, uint64_t bytes);
void scribe_count(struct scribe *s, const char *name, uint64_t n);
void scribe_blank(struct scribe *s, const char *name);
/* The heads live as long as the table. */
void scribe_table(struct scribe *s, const char *const *heads, size_t n);
void scribe_row(struct scribe *s, const char *const *cells, size_t n);
void scribe_map(struct scribe *s, const struct report *r);
void scribe_timeline(struct scribe *s, const struct report *r);

#endif
