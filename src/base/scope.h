/* SPDX-License-Identifier: Apache-2.0 */
/* Locals that clean up after themselves when their scope ends.  Hand a
 * value over by copying it and clearing the local (NULL, or -1). */
#ifndef EBSIMG_BASE_SCOPE_H
#define EBSIMG_BASE_SCOPE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void scope_free(void *p)
{
    free(*(void **)p);
}

static inline void scope_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static inline void scope_fclose(FILE **f)
{
    if (*f)
        fclose(*f);
}

#define autofree __attribute__((cleanup(scope_free)))
#define autoclose __attribute__((cleanup(scope_close)))
#define autofclose __attribute__((cleanup(scope_fclose)))

#endif
