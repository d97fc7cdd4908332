/* SPDX-License-Identifier: Apache-2.0 */
/* The result on standard output: a table, a JSON object a line, CSV, or lines
 * for mactime.  All that was on the disk is escaped. */
#ifndef EBSIMG_EVENTS_SHOW_H
#define EBSIMG_EVENTS_SHOW_H

#include "base/notes.h"
#include "events/events.h"

int events_show(struct events *s, struct err *e);

/* How one thing is written, all into `t'. */
struct events_format {
    void (*begin)(const struct events *s, struct text *t);
    void (*entry)(const struct events *s, const struct store_event *k,
                  struct text *t);
    /* Standard output has nothing but rows: the summary goes beside it. */
    bool is_rows;
    void (*end)(const struct events *s, const struct notes *limits,
                struct text *t);
};

extern const struct events_format events_table, events_json, events_csv,
    events_body;

/* The summary for people. */
void events_add_summary(const struct events *s, const struct notes *limits,
                        struct text *t);

/* "file", "carved", "both" or "-": where it is on a side. */
const char *events_where(const struct store_place *p);

/* The certainty of a time as a word: "utc", "zone" (an offset stands there),
 * "option" (--zone), "local" (taken as UTC). */
const char *events_zone_word(const struct events *s,
                             const struct store_event *k);
extern const char *const events_year_words[]; /* "given" "file" "unknown" */

/* The time, in a buffer of CIVIL_TEXT bytes; "????-..." of an unknown year. */
char *events_time(const struct store_event *k, char between, char *buf);

#endif
