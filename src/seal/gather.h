/* SPDX-License-Identifier: Apache-2.0 */
/* What a seal is to say of a finished run: its record is read and held against
 * its rules, its manifest against the record, and every file against the
 * digests that the log has of it.  What does not fit is not sealed. */
#ifndef EBSIMG_SEAL_GATHER_H
#define EBSIMG_SEAL_GATHER_H

#include <stdbool.h>

#include "base/err.h"
#include "seal/document.h"

struct seal_gather {
    bool fresh;       /* this process has just written and checked the run:
                       * what the log has as the SHA-256 of a file need not be
                       * read once more */
    int progress;     /* enum progress_style */
    bool quiet;
};

/* `name' is a prefix or an image file; *prefix is the caller's to free.
 * ERR_VERIFY names the file that is not what was acquired, or is missing;
 * ERR_USAGE when there is no finished run of that name.  Free *out in either
 * case.  `sealed', `version' and `stamps_wanted' are left to the caller. */
int seal_gather(const struct seal_gather *g, const char *name,
                struct seal_document *out, char **prefix, struct err *e);

#endif
