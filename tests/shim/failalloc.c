/* SPDX-License-Identifier: Apache-2.0 */
/* To be preloaded: lets one allocation of a program fail.
 *
 *   FAILALLOC_AT=N     the Nth call of malloc and its kin gives NULL; none
 *                      when it is 0 or not set
 *   FAILALLOC_MORE=M   and so do the M calls behind it
 *   FAILALLOC_TOLD=F   at the end the number of calls is written to file F
 *
 * All threads and all libraries count. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* glibc's own, under names that nobody replaces. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

static atomic_ulong calls;
static unsigned long at, more;

static unsigned long number(const char *name)
{
    const char *s = getenv(name);

    return s ? strtoul(s, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    more = number("FAILALLOC_MORE");
    at = number("FAILALLOC_AT");
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("FAILALLOC_TOLD");
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

    if (fd < 0)
        return;
    dprintf(fd, "%lu\n", atomic_load(&calls));
    close(fd);
}

static int fails(void)
{
    unsigned long n = atomic_fetch_add(&calls, 1) + 1;

    if (!at || n < at || n - at > more)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t n)
{
    return fails() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    return fails() ? NULL : __libc_realloc(p, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return fails() ? NULL : __libc_memalign(alignment, n);
}

void *memalign(size_t alignment, size_t n);
void *memalign(size_t alignment, size_t n)
{
    return aligned_alloc(alignment, n);
}

int posix_memalign(void **p, size_t alignment, size_t n)
{
    void *got = aligned_alloc(alignment, n);

    if (got)
        *p = got;
    return got ? 0 : ENOMEM;
}
