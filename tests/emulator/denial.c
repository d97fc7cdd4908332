/* SPDX-License-Identifier: Apache-2.0 */
#include "denial.h"

#include <stdio.h>

#include "keyring.h"
#include "request.h"

/* A user has policies of its identity; the credentials of a role also have
 * those of the session, which the captured denials name. */
void denial_text(const struct request *r, char *out, size_t room)
{
    const struct key *k = r->key;

    out[0] = '\0';
    if (!k || r->op->family != FAMILY_EBS)
        return;
    /* A snapshot's ARN names no account; one that is not there yet is
     * "null". */
    snprintf(out, room,
             "User: %s is not authorized to perform: ebs:%s on resource: "
             "arn:aws:ec2:%s::snapshot/%s because no %s policy allows the "
             "ebs:%s action",
             k->arn, r->op->event, r->server->region,
             r->snapshot[0] ? r->snapshot : "null",
             k->expires ? "session" : "identity-based", r->op->event);
}
