/* SPDX-License-Identifier: Apache-2.0 */
/* A machine whose clock is wrong, or is set while a program runs.
 *
 *     LD_PRELOAD=setclock.so CLOCK_AT=SECONDS program
 *     LD_PRELOAD=setclock.so CLOCK_BY=SECONDS [CLOCK_AFTER=READINGS]
 *         [CLOCK_UNTIL=READINGS] program
 *
 * The wall clock shows CLOCK_AT (seconds since 1970) when the program begins,
 * and goes on from there; or it is wrong by CLOCK_BY, from the first reading on
 * or behind so many, to the last one or until so many.  With CLOCK_SWING every
 * second reading is wrong in the other direction.  CLOCK_SLEEP: the machine has
 * slept for so many seconds by then, which the wall clock and CLOCK_BOOTTIME
 * know, CLOCK_MONOTONIC does not. */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static atomic_ulong readings;
static struct timespec first;

static long long number(const char *name)
{
    const char *s = getenv(name);

    return s ? atoll(s) : 0;
}

static void ask(clockid_t id, struct timespec *ts)
{
    syscall(SYS_clock_gettime, id, ts);
}

static __attribute__((constructor)) void begin(void)
{
    ask(CLOCK_REALTIME, &first);
}

/* The machine behaves so from now on. */
static int is_due(void)
{
    unsigned long n = readings;

    return n >= (unsigned long)number("CLOCK_AFTER")
        && (!getenv("CLOCK_UNTIL")
            || n < (unsigned long)number("CLOCK_UNTIL"));
}

static long long shift(void)
{
    unsigned long n = atomic_fetch_add(&readings, 1);
    long long by = number("CLOCK_BY");

    if (getenv("CLOCK_AT"))
        by = number("CLOCK_AT") - first.tv_sec;
    if (!is_due())
        return 0;
    if (getenv("CLOCK_SWING") && n % 2)
        by = -by;
    return by + number("CLOCK_SLEEP");
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
    ask(id, ts);
    if (id == CLOCK_REALTIME)
        ts->tv_sec += shift();
    else if (id == CLOCK_BOOTTIME && is_due())
        ts->tv_sec += number("CLOCK_SLEEP");
    return 0;
}

time_t time(time_t *out)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    if (out)
        *out = ts.tv_sec;
    return ts.tv_sec;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    struct timespec ts;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &ts);
    tv->tv_sec = ts.tv_sec;
    tv->tv_usec = ts.tv_nsec / 1000;
    return 0;
}
