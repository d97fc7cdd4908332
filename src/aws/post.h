/* SPDX-License-Identifier: Apache-2.0 */
/* One POST to a server that is none of AWS's and is told nothing but the body:
 * no keys, no signature.  The same loop, verdicts and waits as for every other
 * request. */
#ifndef EBSIMG_AWS_POST_H
#define EBSIMG_AWS_POST_H

#include <stddef.h>

#include "base/err.h"
#include "base/text.h"

struct post {
    const char *url;          /* http or https, without a name in it */
    const char *type, *accept; /* of body and answer */
    const char *ca_bundle;    /* NULL: the system's */
    const struct text *body;
    size_t limit;             /* bytes of the answer */
    unsigned attempts;
};

/* A URL that a post can be sent to, as far as can be seen; ERR_USAGE does not
 * repeat it, since it may hold a password. */
int post_check_url(const char *url, struct err *e);

/* The body of the answer 200 is added to `answer'; else the reason of the last
 * attempt: ERR_SERVICE, ERR_ACCESS; ERR_INTERRUPTED by the first signal. */
int post_send(const struct post *p, struct text *answer, struct err *e);

#endif
