/* SPDX-License-Identifier: Apache-2.0 */
#include "show/status.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "base/thread.h"
#include "show/tell.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards: */
static const char *command;
static char *at;              /* what is going on; NULL: none of that */
static char *before;          /* what was going on last */
static bool over;

static uint64_t began;
static pthread_t thread;
static bool running;

void status_command(const char *name)
{
    AUTOLOCK(&lock);

    command = name;
}

void status_set(const char *line)
{
    AUTOLOCK(&lock);

    free(before);
    before = at;
    at = line ? strdup(line) : NULL;
}

/* Between the parts whose progress is known. */
static void tell_time(void)
{
    uint64_t seconds = (clock_elapsed(&clock_system) - began) / NS_PER_S;
    char text[32];

    tell_always("%s, at work for %s; %s%s", command ? command : "starting",
                duration_text(text, seconds),
                before ? "last: " : "no block is under way yet",
                before ? before : "");
}

static bool answer(void)
{
    AUTOLOCK(&lock);

    if (over)
        return false;
    if (at)
        tell_always("%s", at);
    else
        tell_time();
    return true;
}

static void *status_main(void *arg)
{
    int number;

    while (sigwait(arg, &number) == 0 && answer())
        ;
    return NULL;
}

void status_begin(void)
{
    static sigset_t wanted;
    struct err ignored = ERR_INIT;

    began = clock_elapsed(&clock_system);
    signal(SIGUSR2, SIG_IGN);
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &wanted, NULL);
    running = thread_start(&thread, status_main, &wanted, "status", &ignored)
        == 0;
}

static void ask_for_end(void)
{
    AUTOLOCK(&lock);

    over = true;
}

void status_end(void)
{
    if (running) {
        ask_for_end();
        pthread_kill(thread, SIGUSR1);
        thread_join(thread);
    }
    running = false;
    free(at);
    free(before);
    at = before = NULL;
}
