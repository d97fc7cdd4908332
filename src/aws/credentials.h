/* Whose keys sign the requests.
 *
 * Order: a profile that was asked for by name; the environment; the profile
 * of AWS_PROFILE (or "default").  Which one won is told, never guessed: when
 * the source that comes first cannot be used, no other one is tried, because
 * that would be another identity. */
#ifndef EBSIMG_AWS_CREDENTIALS_H
#define EBSIMG_AWS_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "aws/shared.h"
#include "base/err.h"

struct credentials {
    char *access_key_id;
    char *secret_access_key;   /* wiped by credentials_free() */
    char *session_token;       /* or NULL; wiped too */
    uint64_t expires;          /* wall ns, 0 when not known */
    char source[128];          /* "environment", "profile lab in FILE" */
};

/* ERR_ACCESS with what to do when there are none that can be used.  Free the
 * credentials in either case. */
int credentials_load(const struct shared *s, struct credentials *out,
                     struct err *e);
/* There is a key there, or a part of one. */
bool credentials_in_environment(void);
void credentials_free(struct credentials *c);

#endif
