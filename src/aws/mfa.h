/* SPDX-License-Identifier: Apache-2.0 */
/* The code of an MFA device, asked for at the terminal. */
#ifndef EBSIMG_AWS_MFA_H
#define EBSIMG_AWS_MFA_H

#include <stddef.h>

#include "base/err.h"

/* Whatever standard input and standard error are: the question goes to the
 * terminal of this process, and the digits are not shown.  Waits as long as
 * it takes, until the first signal.  ERR_ACCESS without a terminal, or when
 * what was typed is no code; ERR_INTERRUPTED. */
int mfa_ask(const char *serial, char *code, size_t room, struct err *e);

#endif
