/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/text.h"

/* Our keys are in our environment, and no business of the child's. */
static char **environment(void)
{
    static char *none[] = { NULL, NULL };
    const char *path = getenv("PATH");
    static struct text t;

    text_clear(&t);
    text_addf(&t, "PATH=%s", path ? path : "/usr/bin:/bin");
    none[0] = t.s;
    return none;
}

/* Signals of the terminal are ours to pass on; and when we die, so does it,
 * whatever kills us. */
static void become(char **argv, char **env)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    execvpe(argv[0], argv, env);
    _exit(CHILD_NOT_THERE);
}

pid_t child_start(char **argv, struct err *e)
{
    char **env = environment();
    pid_t pid;

    if (!env[0])
        return (pid_t)err_nomem(e);
    pid = fork();
    if (pid == 0)
        become(argv, env);
    if (pid < 0)
        err_set(e, ERR_INTERNAL, errno, "cannot start %s", argv[0]);
    return pid;
}
