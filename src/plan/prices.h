/* SPDX-License-Identifier: Apache-2.0 */
/* Prices: what they are where nobody says otherwise, how they are read, how
 * they are shown. */
#ifndef EBSIMG_PLAN_PRICES_H
#define EBSIMG_PLAN_PRICES_H

#include "base/text.h"
#include "plan/estimate.h"

/* USD.  EBS: for 1000 calls each, us-east-1, 2023 to 2026.  The transfer of
 * 10^9 bytes to the Internet: usual in 2026, not looked up. */
#define PLAN_LIST_PRICE "0.0006"
#define PLAN_BLOCK_PRICE "0.003"
#define PLAN_TRANSFER_PRICE "0.09"
/* A GiB of snapshots for a month, standard tier: usual in us-east-1, 2026, not
 * looked up. */
#define PLAN_STORAGE_PRICE "0.05"
/* The same in 10^-9 USD. */
#define PLAN_PRICES { .lists = 600000, .blocks = 3000000, \
                      .transfer = 90000000 }

/* ERR_USAGE names the option. */
int plan_read_price(const char *option, const char *s, uint64_t *out,
                    struct err *e);

/* "0.30", and what is less than a cent with six digits. */
void plan_add_usd(struct text *t, uint64_t nano);

#endif
