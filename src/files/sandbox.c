/* SPDX-License-Identifier: Apache-2.0 */
#include "files/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "base/text.h"
#include "files/sandbox-private.h"

/* ------------------------------------------------------------------ inside */

/* The strings lie where the kernel put them, and /proc would show them. */
static void wipe_environment(void)
{
    extern char **environ;

    for (char **v = environ; v && *v; v++)
        secret_wipe(*v, strlen(*v));
    environ = NULL;
}

/* 0 to 2 lead nowhere; the socket is 3. */
static int keep_only(int *fd)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    long max = sysconf(_SC_OPEN_MAX);

    for (int i = 0; i < 3; i++)
        if (null < 0 || (i != null && dup2(null, i) < 0))
            return -1;
    if (*fd != 3 && dup2(*fd, 3) < 0)
        return -1;
    *fd = 3;
    if (close_range(4, ~0u, 0) == 0)
        return 0;
    for (int i = 4; i < (max > 0 && max < 65536 ? max : 65536); i++)
        close(i);
    return 0;
}

static void limit(int what, rlim_t n)
{
    struct rlimit r = { n, n };

    setrlimit(what, &r);
}

/* The hard limit stays, so that sandbox_allow() can lift the other one; in
 * here nothing can, because seccomp does not let it. */
static void limit_time(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_CPU, &r) < 0)
        return;
    if (r.rlim_max > SANDBOX_SECONDS)
        r.rlim_cur = SANDBOX_SECONDS;
    setrlimit(RLIMIT_CPU, &r);
}

/* Sanitizers reserve terabytes. */
static void limit_all(void)
{
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    limit(RLIMIT_AS, 4 * GIB);
#endif
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NPROC, 0);
    limit_time();
    limit(RLIMIT_NOFILE, 4);
}

/* libtsk makes times of FAT with mktime(), which would read a file for any
 * other zone. */
static void set_zone(void)
{
    static char zone[] = "TZ=UTC0";
    static char *only[] = { zone, NULL };
    extern char **environ;

    environ = only;
    tzset();
}

static int enter(int *fd, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        return -1;
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    signal(SIGINT, SIG_IGN); /* of a terminal: the parent ends us */
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    wipe_environment();
    if (keep_only(fd) < 0)
        return -1;
    set_zone();
    limit_all();
    return seccomp_enter();
}

/* ----------------------------------------------------------------- outside */

int sandbox_start(struct sandbox *s, int (*run)(int fd), struct err *e)
{
    pid_t parent = getpid();
    int fd[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0)
        return err_set(e, ERR_INTERNAL, errno, "socketpair");
    fflush(NULL);
    s->pid = fork();
    if (s->pid == 0) {
        close(fd[0]);
        _exit(enter(&fd[1], parent) < 0 ? SANDBOX_NOT_ENTERED : run(fd[1]));
    }
    close(fd[1]);
    s->fd = fd[0];
    if (s->pid > 0)
        return 0;
    s->pid = 0;
    close(fd[0]);
    s->fd = -1;
    return err_set(e, ERR_INTERNAL, errno, "fork");
}

static const char *tell(int status, char *buf)
{
    if (WIFEXITED(status)) {
        if (WEXITSTATUS(status) == 0)
            return NULL;
        snprintf(buf, 64, WEXITSTATUS(status) == SANDBOX_NOT_ENTERED
                 ? "exit status %d: it could not be shut in"
                 : "exit status %d", WEXITSTATUS(status));
    } else if (WTERMSIG(status) == SIGSYS) {
        snprintf(buf, 64, "signal %d: it tried what it may not",
                 WTERMSIG(status));
    } else {
        snprintf(buf, 64, "signal %d (%.40s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    }
    return buf;
}

void sandbox_allow(const struct sandbox *s, unsigned seconds)
{
    struct timespec used;
    struct rlimit r;
    clockid_t clock;

    if (!s->pid || clock_getcpuclockid(s->pid, &clock) != 0
        || clock_gettime(clock, &used) < 0
        || prlimit(s->pid, RLIMIT_CPU, NULL, &r) < 0)
        return;
    r.rlim_cur = (rlim_t)used.tv_sec + seconds;
    if (r.rlim_cur > r.rlim_max)
        r.rlim_cur = r.rlim_max;
    prlimit(s->pid, RLIMIT_CPU, &r, NULL);
}

/* Its socket is gone; that it ends, too, is not believed. */
static pid_t wait_for_end(pid_t pid, int *status)
{
    const struct timespec moment = { 0, 10000000 };
    pid_t r;

    for (int i = 0; i < 500; i++) { /* five seconds */
        r = waitpid(pid, status, WNOHANG);
        if (r > 0 || (r < 0 && errno != EINTR))
            return r;
        nanosleep(&moment, NULL);
    }
    kill(pid, SIGKILL);
    while ((r = waitpid(pid, status, 0)) < 0 && errno == EINTR)
        ;
    return r;
}

const char *sandbox_end(struct sandbox *s, bool ends, char *buf)
{
    int status = 0;
    pid_t r;

    if (!s->pid)
        return NULL;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    if (ends)
        kill(s->pid, SIGKILL);
    r = wait_for_end(s->pid, &status);
    s->pid = 0;
    return r < 0 || ends ? NULL : tell(status, buf);
}
