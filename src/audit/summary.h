/* SPDX-License-Identifier: Apache-2.0 */
/* What the examiner reads, PREFIX.txt and the summary on the terminal, and
 * the same facts as JSON.  Both are made of the log alone, so that they can
 * be made again from the files of a run that has long ended, and compared. */
#ifndef EBSIMG_AUDIT_SUMMARY_H
#define EBSIMG_AUDIT_SUMMARY_H

#include "audit/run-record.h"
#include "base/text.h"

/* The form of the text: another number with any change of what is made of
 * the same log.  The log has it, so that no other version calls changed what
 * it would only write otherwise. */
#define SUMMARY_FORM 2

/* This version can make the text in the form that the log names: all forms
 * there have been. */
bool summary_form_is_known(const struct run_record *r);

/* Of a run that made an image, in the form that its log names; the newest one
 * when that is not known. */
void summary_text(const struct run_record *r, struct text *t);

/* An object without its last brace, for what the log does not tell.  `papers'
 * are the files that were finished after the log named the others. */
void summary_json(const struct run_record *r, const struct run_file *papers,
                  size_t npapers, struct text *t);

#endif
