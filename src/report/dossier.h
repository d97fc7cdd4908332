/* SPDX-License-Identifier: Apache-2.0 */
/* A report over all images of a case: first what all of them come to, then
 * each of them, as one document. */
#ifndef EBSIMG_REPORT_DOSSIER_H
#define EBSIMG_REPORT_DOSSIER_H

#include "audit/case-record.h"
#include "report/model.h"
#include "report/scribe.h"

struct dossier_line {
    bool there;              /* there are papers of it: */
    int status;              /* of these */
    char headline[80];
    char why[256];           /* it is not the image that the case log has */
    char digest[2 * HASH_MAX + 1]; /* of the volume, the strongest; or "" */
    char head[2 * LOG_HASH + 1];
};

struct dossier {
    const char *prefix;
    struct case_record record;
    char head[2 * LOG_HASH + 1];
    struct dossier_line *lines; /* of each member */
    struct text people, json;   /* the members, as they are written */
    uint64_t made;
};

/* Reads the case log and the papers of each member, one after the other, and
 * writes each in the form (NULL: as JSON).  dossier_free() in every case. */
int dossier_fill(struct dossier *d, const char *prefix,
                 const struct scribe_form *form, struct err *e);
void dossier_free(struct dossier *d);

/* As of one run; of several the worst. */
int dossier_status(const struct dossier *d);
const char *dossier_headline(const struct dossier *d);

/* All of it; t->failed when there was no memory. */
void dossier_write(struct dossier *d, const struct scribe_form *form,
                   struct text *t);
void dossier_json(const struct dossier *d, struct text *t);

#endif
