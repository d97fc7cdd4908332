/* SPDX-License-Identifier: Apache-2.0 */
/* A report for programs: JSON and DFXML.  doc/report-format.md describes
 * both. */
#ifndef EBSIMG_REPORT_FORMS_H
#define EBSIMG_REPORT_FORMS_H

#include "report/model.h"
#include "report/sheet.h"

/* The form of the JSON: another number when a member goes, or means another
 * thing. */
#define REPORT_JSON_FORM 1

void report_json(const struct report *r, struct text *t);

/* Streams: a volume can have millions of runs.  ERR_DEST, or what the manifest
 * is not any more. */
int report_dfxml(const struct report *r, struct sheet *s, struct err *e);

#endif
