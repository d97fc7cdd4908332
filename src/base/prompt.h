/* SPDX-License-Identifier: Apache-2.0 */
/* A question at the terminal: one whose answer is not shown (a code, a
 * passphrase), or one whose answer is. */
#ifndef EBSIMG_BASE_PROMPT_H
#define EBSIMG_BASE_PROMPT_H

#include <stddef.h>

#include "base/err.h"

/* Whatever standard input and standard error are: `question', which is
 * printable, goes to the terminal of this process, and one line comes back,
 * without its newline, in `line'; "" when nothing was typed.  Waits as long as
 * it takes, until the first signal: ERR_INTERRUPTED.  ERR_ACCESS, with `why'
 * as its sentence, when there is no terminal.  The caller wipes `line'. */
int prompt_unseen(const char *question, const char *why, char *line,
                  size_t room, struct err *e);

/* The same, and what is typed is seen; what was typed before the question does
 * not count.  ERR_USAGE when there is no terminal. */
int prompt_seen(const char *question, const char *why, char *line,
                size_t room, struct err *e);

#endif
