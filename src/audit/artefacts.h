/* What the files of a run and of a case are called: a prefix and one of
 * these. */
#ifndef EBSIMG_AUDIT_ARTEFACTS_H
#define EBSIMG_AUDIT_ARTEFACTS_H

#define CASE_SUFFIX ".case.jsonl"

#endif
