/* SPDX-License-Identifier: Apache-2.0 */
/* What the run will take, told before its first block: blocks, money, time.
 * --max-cost ends it here. */
#ifndef EBSIMG_ACQUIRE_FORECAST_H
#define EBSIMG_ACQUIRE_FORECAST_H

#include "acquire/acquisition.h"

/* Once the volume's size is known.  At the prices of plan/prices.h; of what is
 * carried over from an earlier image or session nothing is taken off, so it
 * is never too low.  ERR_USAGE when it is more than --max-cost. */
int forecast_run(struct acquisition *a, struct err *e);

/* Whether --max-cost allows it, for who fetches blocks before that: of a volume
 * of so many bytes.  ERR_USAGE. */
int forecast_afford(const struct origin *from,
                    const struct acquire_options *o, uint64_t size,
                    struct err *e);

/* Whether --max-cost is a price; ERR_USAGE. */
int forecast_check(const struct acquire_options *o, struct err *e);

#endif
