/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a folder that begin with one prefix, found by what follows it
 * in any case: evidence goes through file systems and programs that change
 * the case of names, and is the same evidence then.  The prefix itself is
 * taken as it is written.  One thread. */
#ifndef EBSIMG_AUDIT_BESIDE_H
#define EBSIMG_AUDIT_BESIDE_H

#include <stddef.h>

#include "base/err.h"

struct beside {
    const char *prefix;  /* must stay */
    char **tails;        /* of the files that are there, in order */
    size_t count;
};

/* Looks into the folder; one that cannot be listed has no names in another
 * case.  -1 when there is no memory; free it in either case. */
int beside_read(struct beside *b, const char *prefix, struct err *e);
void beside_free(struct beside *b);

/* The path of PREFIX and this tail: as it is written when that is there, else
 * in another case.  NULL: neither is there, or there is no memory. */
char *beside_path(const struct beside *b, const char *tail);

/* The prefix as the folder has it: as it is written when a file there begins
 * so, else in another case, else as it is written.  NULL: no memory. */
char *beside_spelling(const char *prefix);

/* What stands behind PREFIX in the name, from the point on; NULL when it
 * begins with something else.  Folders are not looked at. */
const char *beside_tail(const char *prefix, const char *name);

#endif
