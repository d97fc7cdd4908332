/* SPDX-License-Identifier: Apache-2.0 */
/* Locals that clean up after themselves when their scope ends.  Hand a
 * value over by copying it and clearing the local. */
#ifndef EMULATOR_SCOPE_H
#define EMULATOR_SCOPE_H

#include <pthread.h>
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

static inline pthread_mutex_t *scope_lock(pthread_mutex_t *m)
{
    pthread_mutex_lock(m);
    return m;
}

static inline void scope_unlock(pthread_mutex_t **m)
{
    pthread_mutex_unlock(*m);
}

#define autofree __attribute__((cleanup(scope_free)))
#define autoclose __attribute__((cleanup(scope_close)))
#define autofclose __attribute__((cleanup(scope_fclose)))

/* Holds the mutex until the end of the scope. */
#define autolock(m)                                                       \
    __attribute__((cleanup(scope_unlock), unused)) pthread_mutex_t *held = \
        scope_lock(m)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
