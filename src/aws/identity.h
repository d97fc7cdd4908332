/* SPDX-License-Identifier: Apache-2.0 */
/* Who we are, for as long as a run takes: keys that are replaced by newer
 * ones long before they expire, without anybody having to wait.
 *
 * A thread of its own gets them.  Who signs takes the keys that are there,
 * and looks at the generation, which any thread may read, to know whether
 * they are still the newest. */
#ifndef EBSIMG_AWS_IDENTITY_H
#define EBSIMG_AWS_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/keys.h"

struct identity;

/* Gets the first keys, which may take a while.  The plan is the identity's
 * afterwards, also after a failure; what `env' points to must outlive it, but
 * for ask_code and stop, which are for the first keys alone. */
struct identity *identity_new(struct keys_plan *plan,
                              const struct keys_env *env, struct err *e);
void identity_free(struct identity *i);
/* The keys stay as they are from now on, and nothing is noted any more. */
void identity_stop(struct identity *i);

/* 1, and one more each time that the keys are replaced. */
uint64_t identity_generation(const struct identity *i);

/* A copy of the newest, and their generation. */
int identity_current(struct identity *i, struct credentials *out,
                     uint64_t *generation, struct err *e);

/* The service does not take the keys of this generation any more.  True:
 * newer ones are there or will be tried to get, and `listener' hears of it.
 * False: there will be none; `why' says why not, when there is something to
 * be said (else its kind is ERR_NONE: nobody can renew these). */
bool identity_renew(struct identity *i, uint64_t generation,
                    struct err *why);

/* Called from the identity's thread when there are newer keys or there will
 * be none any more.  NULL: nobody; not called any more afterwards. */
void identity_listen(struct identity *i, void (*listener)(void *ctx),
                     void *ctx);

/* Can they be had anew without asking a person? */
bool identity_renews(const struct identity *i);

#endif
