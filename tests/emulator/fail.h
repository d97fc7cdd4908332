/* SPDX-License-Identifier: Apache-2.0 */
/* Why a command could not do its work, as one sentence for the person at
 * the terminal.  Errors that go to an HTTP client are faults, see fault.h. */
#ifndef EMULATOR_FAIL_H
#define EMULATOR_FAIL_H

struct fail {
    char msg[512];
};

/* Writes the sentence, adds the text of `os_errno' when it is not 0, and
 * returns -1 so that callers can return it. */
int fail(struct fail *f, int os_errno, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "WHERE: " in front of the sentence that is there.  Returns -1. */
int fail_in(struct fail *f, const char *where);

#endif
