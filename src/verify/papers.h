/* SPDX-License-Identifier: Apache-2.0 */
/* The papers of a run held against each other, without reading what is in the
 * images: of those it is known that they are there and how long they are.  A
 * seal is one of them; who signed it is told, and not whether he is trusted.
 * Takes no longer than reading log, manifest and checksum files. */
#ifndef EBSIMG_VERIFY_PAPERS_H
#define EBSIMG_VERIFY_PAPERS_H

#include "verify/verification.h"

struct papers {
    struct verify_options options;
    struct verification v;  /* evidence, its record, what was found */
    bool partial;           /* a run that did not finish: its own folder */
    bool no_image;          /* there is none beside them */
    int status;             /* as `verify' would exit: 0, 1 or 7 */
};

/* `name' is a prefix or an image; of a prefix that has no files the papers in
 * the folder of the run that did not finish are taken.  `head' as of `verify',
 * or NULL.  ERR_USAGE when there is no log.  papers_free() in every case. */
int papers_read(struct papers *p, const char *name, const char *head,
                struct err *e);
void papers_free(struct papers *p);

#endif
