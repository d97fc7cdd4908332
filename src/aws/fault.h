/* SPDX-License-Identifier: Apache-2.0 */
/* What the service says is wrong, in any of its dialects: JSON with
 * {"Message","Reason"} or {"message"}, the type in x-amzn-ErrorType or in the
 * body, EC2's and STS's XML.  Pure; everything in the answer is hostile. */
#ifndef EBSIMG_AWS_FAULT_H
#define EBSIMG_AWS_FAULT_H

#include "net/http.h"

struct fault {
    int status;
    char type[64];     /* "ValidationException", cut at ':' and after '#' */
    char reason[64];   /* "INVALID_BLOCK_TOKEN", or "" */
    char message[300]; /* printable, cut */
};

/* Reads the fault out of a complete answer that is not a success; an HTML
 * page or an empty body leaves type and reason empty. */
void fault_read(const struct http_answer *a, struct fault *f);

#endif
