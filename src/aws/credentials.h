/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that sign requests, wherever they come from: see keys-plan.h. */
#ifndef EBSIMG_AWS_CREDENTIALS_H
#define EBSIMG_AWS_CREDENTIALS_H

#include <stdint.h>

#include "base/err.h"

struct credentials {
    char *access_key_id;
    char *secret_access_key;   /* wiped by credentials_free() */
    char *session_token;       /* or NULL; wiped too */
    uint64_t expires;          /* wall ns, 0 when not known */
    uint64_t life;             /* ns from when they came until they expire by
                                * the giver's own clock, 0 when not known */
    char source[512];          /* "environment", "profile lab in FILE" */
};

/* Keys as a source has them; the strings belong to the source. */
struct raw_keys {
    const char *id, *secret, *token;
};

/* Copies them, when they are such as keys are: ERR_ACCESS names the part that
 * is missing or impossible, and never shows it.  out->source must be set; it
 * is in the message.  Free the credentials in either case. */
int credentials_take(const struct raw_keys *k, struct credentials *out,
                     struct err *e);
int credentials_copy(const struct credentials *from, struct credentials *to,
                     struct err *e);
void credentials_free(struct credentials *c);

#endif
