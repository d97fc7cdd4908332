/* SPDX-License-Identifier: Apache-2.0 */
/* Runs one command and writes down what it cost:
 *
 *   measure FILE COMMAND [ARGUMENT]...
 *
 * FILE becomes one line of JSON: CPU seconds in user and system mode, seconds
 * of wall clock, the peak of resident memory in KiB, and the exit status (128
 * and the number when a signal ended it).  CPU and peak are the command's and
 * of the children that it waited for, nobody else's.
 *
 * Why not `time': it prints hundredths of a second, and a run of 0.1 s is
 * among what is measured.  Why not the script's own wait4(): Linux counts
 * what a process had before exec into its peak, so that no command would
 * have less than an interpreter has; this program has next to nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(125);
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(const struct timeval *t)
{
    return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static pid_t start(char **command)
{
    pid_t pid = fork();

    if (pid < 0)
        die("fork");
    if (pid == 0) {
        execvp(command[0], command);
        fprintf(stderr, "measure: %s: %s\n", command[0], strerror(errno));
        _exit(127);
    }
    return pid;
}

static int wait_for(pid_t pid, struct rusage *usage)
{
    int status;

    while (wait4(pid, &status, 0, usage) < 0)
        if (errno != EINTR)
            die("wait4");
    return WIFEXITED(status) ? WEXITSTATUS(status)
                             : 128 + WTERMSIG(status);
}

static void report(const char *path, double wall, int status,
                   const struct rusage *u)
{
    FILE *out = fopen(path, "w");

    if (!out)
        die(path);
    fprintf(out,
            "{\"user\": %.6f, \"system\": %.6f, \"wall\": %.6f, "
            "\"peak_kib\": %ld, \"status\": %d}\n",
            seconds(&u->ru_utime), seconds(&u->ru_stime), wall,
            u->ru_maxrss, status);
    if (fclose(out) != 0)
        die(path);
}

int main(int argc, char **argv)
{
    struct rusage usage;
    double began;
    int status;

    if (argc < 3) {
        fputs("usage: measure FILE COMMAND [ARGUMENT]...\n", stderr);
        return 125;
    }
    began = now();
    status = wait_for(start(argv + 2), &usage);
    report(argv[1], now() - began, status, &usage);
    return status;
}
