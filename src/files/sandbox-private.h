/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of the sandbox share. */
#ifndef EBSIMG_FILES_SANDBOX_PRIVATE_H
#define EBSIMG_FILES_SANDBOX_PRIVATE_H

/* Exit status of a process that could not be shut in, and ran nothing. */
#define SANDBOX_NOT_ENTERED 70

/* From here on only what the parser needs: memory, the clock, its socket.
 * Anything else ends the process with SIGSYS.  0 as well where there is no
 * seccomp: sandbox_is_tight() tells. */
int seccomp_enter(void);

#endif
