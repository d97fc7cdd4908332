/* SPDX-License-Identifier: Apache-2.0 */
/* A process of its own for code that reads what an attacker may have written:
 * without keys, files and network, with what memory and time it needs.
 *
 * It is made before anything secret is in memory.  The environment, which may
 * have keys, is wiped in it; every descriptor but its socket is closed; the
 * kernel (seccomp) ends it at the first call that opens, sends, or starts
 * something; it dumps no core, and dies with whoever made it. */
#ifndef EBSIMG_FILES_SANDBOX_H
#define EBSIMG_FILES_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

struct sandbox {
    pid_t pid;                 /* 0: none */
    int fd;                    /* to it; whoever takes it sets -1 */
};

/* Runs main(fd) there; its result is the exit status. */
int sandbox_start(struct sandbox *s, int (*main)(int fd), struct err *e);

/* Seconds of processor time that it has; then SIGXCPU ends it. */
#define SANDBOX_SECONDS 3600
/* So many more from now on: of a process that does one job after the other. */
void sandbox_allow(const struct sandbox *s, unsigned seconds);

/* How it ended, as text of at least 64 bytes, e.g. "signal 11 (Segmentation
 * fault)"; NULL when in order.  `kill': it is not waited for;
 * else for five seconds. */
const char *sandbox_end(struct sandbox *s, bool kill, char *buf);

/* May this kernel and processor hold it? */
bool sandbox_is_tight(void);

#endif
