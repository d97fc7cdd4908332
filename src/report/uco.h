/* SPDX-License-Identifier: Apache-2.0 */
/* A report as a graph of CASE 1.5.0 (UCO 1.5.0) in JSON-LD: what was done, by
 * whom, with what, and what came of it.  doc/report-format.md describes it. */
#ifndef EBSIMG_REPORT_UCO_H
#define EBSIMG_REPORT_UCO_H

#include "report/model.h"

/* t->failed when there was no memory. */
void report_uco(const struct report *r, struct text *t);

#endif
