/* SPDX-License-Identifier: Apache-2.0 */
/* What is served, and commands that can be pasted. */
#ifndef EBSIMG_SERVE_HINTS_H
#define EBSIMG_SERVE_HINTS_H

#include <stdbool.h>

#include "serve/export.h"
#include "serve/listener.h"

/* On standard output; quiet: the addresses alone, one a line.  `overlay', or
 * NULL: the file of the only export. */
int hints_print(const struct listener *l, const struct exports *all,
                const char *overlay, bool quiet, struct err *e);

#endif
