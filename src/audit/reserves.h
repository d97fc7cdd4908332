/* SPDX-License-Identifier: Apache-2.0 */
/* What is held against an image, as the member `reserves' of an event of a log
 * has it (doc/log-format.md): the names of outcomes, the worst first, which is
 * the verdict, too. */
#ifndef EBSIMG_AUDIT_RESERVES_H
#define EBSIMG_AUDIT_RESERVES_H

#include <cjson/cJSON.h>

#include "audit/log.h"

/* Of these OUTCOME_BIT()s; an empty array for none. */
void reserves_record(struct record *r, unsigned all);

/* Back into bits, without that of OUTCOME_COMPLETE; nothing for NULL.  -1 for
 * a word that is none of this version, or none for an image. */
int reserves_read(const cJSON *list, unsigned *out);

#endif
