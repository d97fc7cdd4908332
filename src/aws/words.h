/* SPDX-License-Identifier: Apache-2.0 */
/* A line cut into words as a shell cuts it, with nothing replaced: blanks
 * part words, ' and " hold them together, \ takes the next character as it
 * is (between " only before " and \).  What Python's shlex.split() does, and
 * so what AWS's tools take a credential_process and a quoted name for. */
#ifndef EBSIMG_AWS_WORDS_H
#define EBSIMG_AWS_WORDS_H

#include <stddef.h>

#include "base/err.h"

/* The words, ended by NULL, in one piece of memory that the caller frees;
 * how many go into *n.  NULL: ERR_USAGE for a quote that is not closed or a
 * \ at the end. */
char **words_split(const char *line, size_t *n, struct err *e);

#endif
