/* SPDX-License-Identifier: Apache-2.0 */
#include "base/interrupt.h"

#include <string.h>
#include <unistd.h>

volatile sig_atomic_t interrupted;

#define EXIT_INTERRUPTED 8

/* Any thread; the handler runs on the main one. */
int interrupt_check(struct err *e)
{
    int number = __atomic_load_n(&interrupted, __ATOMIC_RELAXED);

    if (!number)
        return 0;
    return err_set(e, ERR_INTERRUPTED, 0, "interrupted by signal %d",
                   number);
}

static void on_signal(int number)
{
    if (interrupted)
        _exit(EXIT_INTERRUPTED);
    __atomic_store_n(&interrupted, number, __ATOMIC_RELAXED);
}

static void install(int number)
{
    struct sigaction old;
    struct sigaction sa;

    if (sigaction(number, NULL, &old) < 0 || old.sa_handler == SIG_IGN)
        return;
    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = on_signal;
    sa.sa_flags = SA_RESTART; /* libewf takes EINTR for a failed write */
    sigaction(number, &sa, NULL);
}

void interrupt_install(void)
{
    install(SIGINT);
    install(SIGTERM);
    install(SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}
