/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of others that a server starts: they get none of our keys. */
#ifndef EBSIMG_SERVE_CHILD_H
#define EBSIMG_SERVE_CHILD_H

#include <sys/types.h>

#include "base/err.h"

/* What such a program ends with that cannot be started. */
#define CHILD_NOT_THERE 127

/* argv[0] as the shell finds it, with an environment of nothing but PATH, and
 * in a process group of its own; it is told to end when we die.  Its process
 * id, or -1. */
pid_t child_start(char **argv, struct err *e);

#endif
