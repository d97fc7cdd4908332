/* SPDX-License-Identifier: Apache-2.0 */
/* What a run is at, for who asks with SIGUSR1: a line on standard error, at
 * any time between the start of the program and its end, --quiet or not.
 * SIGUSR2 does nothing; neither ends a run. */
#ifndef EBSIMG_SHOW_STATUS_H
#define EBSIMG_SHOW_STATUS_H

/* Once, in main, before any thread; until status_end() a thread of its own
 * waits for the signal.  Where there can be none the signal does nothing. */
void status_begin(void);
void status_end(void);

/* Which command it is; a literal. */
void status_command(const char *name);
/* How far it is, which is copied; NULL when that is over.  Any thread. */
void status_set(const char *line);

#endif
