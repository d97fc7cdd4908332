/* SPDX-License-Identifier: Apache-2.0 */
/* What IAM says when it does not allow a call: who, what, on which
 * resource. */
#ifndef EMULATOR_DENIAL_H
#define EMULATOR_DENIAL_H

#include <stddef.h>

struct request;

/* The message, in the words that the EBS service has for it; "" for other
 * services, which have their own. */
void denial_text(const struct request *r, char *out, size_t room);

#endif
