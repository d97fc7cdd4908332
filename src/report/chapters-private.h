/* SPDX-License-Identifier: Apache-2.0 */
/* The chapters, each in the file of its name. */
#ifndef EBSIMG_REPORT_CHAPTERS_PRIVATE_H
#define EBSIMG_REPORT_CHAPTERS_PRIVATE_H

#include "report/chapters.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Known, and not zero. */
static inline bool some(uint64_t n)
{
    return n != RUN_UNTOLD && n != 0;
}

/* chapters-verdict.c */
void chapter_verdict(struct scribe *s, const struct report *r);
/* chapters-origin.c: what, from whom; by whom, when; with what. */
void chapter_source(struct scribe *s, const struct report *r);
void chapter_acquisition(struct scribe *s, const struct report *r);
void chapter_tool(struct scribe *s, const struct report *r);
/* chapters-content.c: the numbers and the map; digests and files. */
void chapter_content(struct scribe *s, const struct report *r);
void chapter_files(struct scribe *s, const struct report *r);
/* chapters-checks.c: the papers against each other; the run's own controls. */
void chapter_checks(struct scribe *s, const struct report *r);
/* chapters-course.c: errors and retries; sessions; unreadable blocks. */
void chapter_course(struct scribe *s, const struct report *r);
void chapter_unreadable(struct scribe *s, const struct report *r);
/* chapters-forms.c: to be filled in and signed; what is not proved. */
void chapter_limits(struct scribe *s, const struct report *r);
void chapter_custody(struct scribe *s, const struct report *r);
void chapter_custody_blanks(struct scribe *s);
/* Of one image of several: what its custody log has, without blanks. */
void chapter_custody_log(struct scribe *s, const struct report *r);
void chapter_certification(struct scribe *s, const struct report *r);

#endif
