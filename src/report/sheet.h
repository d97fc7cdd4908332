/* SPDX-License-Identifier: Apache-2.0 */
/* Where a report is written: a new file, or standard output.  What is not
 * whole never has the name of the file that was asked for. */
#ifndef EBSIMG_REPORT_SHEET_H
#define EBSIMG_REPORT_SHEET_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

struct sheet {
    char *path, *partial;  /* NULL: standard output */
    int fd;
    bool made;             /* the partial file is there, and ours */
    struct text t;         /* what is still to be written */
};

/* ERR_DEST when there is a file of that name; NULL is standard output. */
int sheet_open(struct sheet *s, const char *path, struct err *e);
/* Writes what s->t has, when that is much.  For what may be of any length. */
int sheet_flush(struct sheet *s, struct err *e);
/* All of it to the disk, and under its name. */
int sheet_finish(struct sheet *s, struct err *e);
/* Also after a failure, and twice: what is not finished is removed. */
void sheet_close(struct sheet *s);

#endif
