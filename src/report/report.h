/* SPDX-License-Identifier: Apache-2.0 */
/* `ebsimg report': what a run did, for people and for programs, made of its
 * files alone. */
#ifndef EBSIMG_REPORT_REPORT_H
#define EBSIMG_REPORT_REPORT_H

#include "base/err.h"

enum report_format { REPORT_HTML, REPORT_TEXT, REPORT_JSON, REPORT_DFXML,
                     REPORT_CASE, REPORT_FORMATS };

extern const char *const report_format_words[]; /* in this order, then NULL */

struct report_options {
    unsigned formats;      /* a bit for each */
    const char *output;    /* NULL: standard output */
    const char *head;      /* of the log, as it was kept, or NULL */
};

/* The exit status, as `verify' would give for the papers; or -1. */
int report_run(const struct report_options *o, const char *name,
               struct err *e);

#endif
