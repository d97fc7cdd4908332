/* SPDX-License-Identifier: Apache-2.0 */
/* What a report for people says, chapter by chapter, in the same words in
 * every form: the verdict and what speaks against it first. */
#ifndef EBSIMG_REPORT_CHAPTERS_H
#define EBSIMG_REPORT_CHAPTERS_H

#include "report/model.h"
#include "report/scribe.h"

/* A whole report of one run into `t'; t->failed when there was no memory. */
void chapters_write(const struct report *r, const struct scribe_form *form,
                    struct text *t);

/* The same as a part of a document over several: without what is to be signed
 * of one alone, and without where the report itself comes from. */
void chapters_write_part(const struct report *r,
                         const struct scribe_form *form, struct text *t);

#endif
