/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that were got lately, for the others of this process that want the
 * same: images that are made side by side, volumes that are compared.  Whoever
 * comes first asks, and the others wait for his answer: a person is asked for
 * one code, and a refresh token that is good once is used once. */
#ifndef EBSIMG_AWS_KEYS_MEMO_H
#define EBSIMG_AWS_KEYS_MEMO_H

#include "aws/keys.h"

/* As keys_get(): what it had for the same plan and surroundings, when that is
 * not due for renewal; else what it has now.  Never keys that the service
 * refuses (env->anew).  Any thread. */
int keys_memo_get(const struct keys_plan *p, const struct keys_env *env,
                  struct credentials *out, struct err *e);

/* Of so long a life, so much is left when they are due to be renewed, ns. */
uint64_t keys_early_ns(uint64_t life);

#endif
