/* SPDX-License-Identifier: Apache-2.0 */
/* The passphrase of a key: asked for when it is needed, once, at the terminal
 * or from a descriptor; never shown, and wiped. */
#ifndef EBSIMG_SEAL_PASSPHRASE_H
#define EBSIMG_SEAL_PASSPHRASE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define PASSPHRASE_MAX 1024

struct passphrase {
    int fd;                   /* to read a line from; -1: the terminal */
    const char *file;         /* whose it is, for the question */
    bool asked;
    char text[PASSPHRASE_MAX];
    struct err err;           /* why there is none */
};

/* NULL, with the reason in p->err. */
const char *passphrase_get(struct passphrase *p);
void passphrase_wipe(struct passphrase *p);

/* For OpenSSL: a pem_password_cb, whose `p' is the passphrase. */
int passphrase_for_pem(char *buf, int room, int writing, void *p);

#endif
