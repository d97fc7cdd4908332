/* SPDX-License-Identifier: Apache-2.0 */
/* How good an image is that is whole: which controls were done, and what is
 * held against it. */
#ifndef EBSIMG_ACQUIRE_JUDGE_H
#define EBSIMG_ACQUIRE_JUDGE_H

#include <stdint.h>

#include "acquire/acquisition.h"

/* All controls but the second list, which must be set, and the verdict of all
 * of them, from what `a' knows at its end.  `clock_offset': seconds that this
 * machine's clock is ahead of the service's, NULL when that is not known.
 * Asks nobody. */
void judge_controls(struct acquisition *a, const int64_t *clock_offset);

/* Lists the blocks a second time, judges, and warns of what nobody could see
 * in the counts of the summary.  After outputs_finish(). */
int judge_image(struct acquisition *a, struct err *e);

#endif
