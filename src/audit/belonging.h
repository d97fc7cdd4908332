/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an image that lies in the place of a member of a chain is the one
 * that the case log has of it.  A set of files that agrees with itself may be
 * of another snapshot, or made by anybody. */
#ifndef EBSIMG_AUDIT_BELONGING_H
#define EBSIMG_AUDIT_BELONGING_H

#include <stdbool.h>

#include "audit/run-record.h"
#include "base/err.h"

enum belonging {
    BELONGING_PROVED,   /* the case log has its head */
    BELONGING_UNTOLD,   /* the case log has no image of this snapshot: it ended
                         * before it could say so, or the image was made on
                         * its own later */
    BELONGING_ANOTHER,  /* it is of another snapshot, or not the one that the
                         * case log has, or should have */
};

/* Of the snapshot, which the case log of this path says was imaged (`made') or
 * not, and the log of the image, which has been read: *why says in a sentence
 * what is wrong.  -1 when it cannot be found out. */
int belonging_find(const char *case_log, const char *snapshot, bool made,
                   const struct run_record *log, enum belonging *is,
                   char why[256], struct err *e);

#endif
