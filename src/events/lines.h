/* SPDX-License-Identifier: Apache-2.0 */
/* Logs that are text: one entry a line, of any of the forms that are known,
 * in a file of one or several of them, or between other bytes. */
#ifndef EBSIMG_EVENTS_LINES_H
#define EBSIMG_EVENTS_LINES_H

#include "events/event.h"

struct line {
    const unsigned char *s;
    size_t n;                  /* without its end */
    const unsigned char *end;  /* of all bytes there are, behind the line */
    bool is_cut;               /* it did not end with a line's end */
    bool is_carved;            /* nothing says that this is a log */
};

/* Each fills in time, zone, year, source, host and text, or is false.  `size'
 * is set where an entry is more than its line. */
bool syslog_line(const struct line *l, struct event *v);  /* RFC 3164, 5424 */
bool weblog_line(const struct line *l, struct event *v);  /* common, combined */
bool history_line(const struct line *l, struct event *v); /* of shells */
bool cloud_line(const struct line *l, struct event *v);   /* cloud-init */

extern const struct event_decoder lines_decoder;

#endif
