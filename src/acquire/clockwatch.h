/* SPDX-License-Identifier: Apache-2.0 */
/* What the examiner must know about the clock of this machine, whose times
 * stand in the log, in the manifest and in the image. */
#ifndef EBSIMG_ACQUIRE_CLOCKWATCH_H
#define EBSIMG_ACQUIRE_CLOCKWATCH_H

#include "acquire/journal.h"
#include "aws/aws.h"

/* A warning when this machine's clock is far from the service's. */
int clockwatch_offset(struct journal *j, const struct aws *aws,
                      struct err *e);
/* One when it was set since the last look. */
int clockwatch_look(struct journal *j, struct err *e);

#endif
