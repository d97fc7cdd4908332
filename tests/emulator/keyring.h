/* SPDX-License-Identifier: Apache-2.0 */
/* The access keys that the service knows, and whose they are.  Keys are
 * never taken away while it runs.  Any thread. */
#ifndef EMULATOR_KEYRING_H
#define EMULATOR_KEYRING_H

#include <stdint.h>

#include "fail.h"

#define KEYRING_ACCOUNT "123456789012"
#define KEYRING_DEFAULT "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

struct key {
    char id[130];
    char secret[130];
    char token[4096]; /* "": a long-term key, which has none */
    char account[16];
    char arn[256];
    char user_id[160];
    int64_t expires;  /* ms since 1970; 0: never */
    int64_t created;
};

struct keyring;

struct keyring *keyring_new(void);
void keyring_free(struct keyring *k);

/* ID:SECRET or ID:SECRET:TOKEN, as on the command line; a key of this
 * account. */
int keyring_add(struct keyring *k, const char *text, const char *account,
                struct fail *f);

/* NULL when it is not known. */
const struct key *keyring_find(struct keyring *k, const char *id);

/* Temporary credentials for a session of a role.  NULL: out of memory. */
const struct key *keyring_assume(struct keyring *k, const char *role,
                                 const char *session, int64_t now,
                                 int64_t life_ms);

#endif
