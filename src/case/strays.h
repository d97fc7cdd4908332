/* SPDX-License-Identifier: Apache-2.0 */
/* Images beside a chain that have names as its images have, and that its case
 * log does not have: nobody is to think that they were verified with it. */
#ifndef EBSIMG_CASE_STRAYS_H
#define EBSIMG_CASE_STRAYS_H

#include "base/err.h"
#include "base/notes.h"
#include "case/case-log.h"

/* More are not looked for. */
#define STRAYS_MAX 1000

/* Their prefixes without folder, in order; a folder that cannot be listed
 * shows none.  notes_free() in every case. */
int strays_find(const struct case_log *c, const char *chain,
                struct notes *out, struct err *e);

#endif
