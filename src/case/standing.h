/* SPDX-License-Identifier: Apache-2.0 */
/* What of a chain stands already: images of earlier sessions, beside the case
 * log that has them. */
#ifndef EBSIMG_CASE_STANDING_H
#define EBSIMG_CASE_STANDING_H

#include <stdbool.h>

#include "base/err.h"
#include "case/case-log.h"

/* The prefix of a member's image, CHAIN-SNAPSHOT; the caller frees it. */
char *standing_prefix(const char *chain, const struct case_member *m,
                      struct err *e);

/* The same to look at, as the folder spells it: it may be in another case. */
char *standing_spelled(const char *chain, const struct case_member *m,
                       struct err *e);

/* Does the case log say that its image was made? */
bool standing_is_made(const struct case_member *m);

/* A log whose image is not beside it was moved, or has lost its image: -1. */
int standing_check_image(const char *prefix, struct err *e);

/* Each image that is there must be what the case log `c' of this chain says.
 * ERR_USAGE when all of them are there: nothing is left to do. */
int standing_check(const struct case_log *c, const char *chain,
                   struct err *e);

#endif
