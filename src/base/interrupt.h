/* SPDX-License-Identifier: Apache-2.0 */
/* Ctrl-C, SIGTERM and SIGHUP: the first one asks for an end in order, the
 * second ends the program at once. */
#ifndef EBSIMG_BASE_INTERRUPT_H
#define EBSIMG_BASE_INTERRUPT_H

#include <signal.h>

#include "base/err.h"

/* The signal that asked for the end, or 0. */
extern volatile sig_atomic_t interrupted;

/* -1 with ERR_INTERRUPTED once a signal has come: for whatever takes longer
 * than a moment, between its pieces. */
int interrupt_check(struct err *e);

/* Once, in main.  Also ignores SIGPIPE and SIGXFSZ, so that a closed
 * terminal or a full file system is an error that can be told.  A signal
 * that was ignored before (nohup) stays ignored. */
void interrupt_install(void);

#endif
