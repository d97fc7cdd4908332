/* SPDX-License-Identifier: Apache-2.0 */
/* Who is calling: the account and the name that stand behind the keys.
 * Pure.  The call needs no permission, so it is always made. */
#ifndef EBSIMG_EBS_STS_H
#define EBSIMG_EBS_STS_H

#include <stddef.h>

#include "aws/aws.h"
#include "base/err.h"

struct sts_identity {
    char *account;
    char *arn;
    char *user_id;
    char *request_id;  /* or NULL */
};

/* The request: GetCallerIdentity. */
void sts_caller_identity(struct call *c);

/* ERR_SERVICE when the answer makes no sense.  Free the identity in either
 * case. */
int sts_parse_identity(const char *xml, size_t n, struct sts_identity *out,
                       struct err *e);
void sts_identity_free(struct sts_identity *i);

#endif
