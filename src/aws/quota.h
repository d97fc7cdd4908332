/* SPDX-License-Identifier: Apache-2.0 */
/* A rate that several clients of one account share: each a struct aws with a
 * thread of its own.  Any thread.
 *
 * Nobody starves: who has got more than another that is waiting steps back
 * until they are even. */
#ifndef EBSIMG_AWS_QUOTA_H
#define EBSIMG_AWS_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct quota;
struct quota_member;

/* Block requests and list requests a second, of all members together. */
struct quota *quota_new(double block_rate, double list_rate, uint64_t now,
                        struct err *e);
void quota_free(struct quota *q); /* all members have left */

struct quota_member *quota_join(struct quota *q, struct err *e);
void quota_leave(struct quota_member *m); /* NULL: nothing */

enum quota_kind { QUOTA_LIST, QUOTA_BLOCK, QUOTA_KINDS };

/* As rate_take() and rate_slow_down(), which has *speed from now on. */
uint64_t quota_take(struct quota_member *m, enum quota_kind kind,
                    uint64_t now);
bool quota_slow_down(struct quota_member *m, enum quota_kind kind,
                     uint64_t now, double *speed);

#endif
