/* SPDX-License-Identifier: Apache-2.0 */
/* What the framework in front of the service checks before the service sees
 * a request: each parameter against the constraint of the model.  It answers
 * in its own dialect, whatever the state of the snapshot. */
#ifndef EMULATOR_CONSTRAINT_H
#define EMULATOR_CONSTRAINT_H

#include <stdbool.h>
#include <stdint.h>

struct request;

/* Each returns false after making the answer. */

/* Says that the value does not satisfy it; `constraint' goes on after
 * "Member must". */
bool constraint_broken(struct request *r, const char *value,
                       const char *name, const char *constraint);

/* A whole number from `min' to `max'. */
bool constraint_number(struct request *r, const char *value,
                       const char *name, int64_t min, int64_t max,
                       int64_t *out);

/* Text of the characters of base64 in the alphabet that the model names, and
 * not empty. */
bool constraint_base64(struct request *r, const char *value,
                       const char *name);

/* The same, of the alphabet that is fit for a URL too: the tokens. */
bool constraint_token(struct request *r, const char *value,
                      const char *name);

#endif
