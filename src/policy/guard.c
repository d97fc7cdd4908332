/* SPDX-License-Identifier: Apache-2.0 */
/* Policies that others attach: to an organisation, and to a key. */
#include <stdio.h>

#include "policy/statement.h"

/* The role's ARN stands for all its sessions.  Others than those of the
 * organisation, and roles that services made for themselves, are under no
 * such policy. */
int policy_write_scp(const struct policy_wish *w, struct text *out,
                     struct err *e)
{
    struct jsonout j;

    policy_begin(&j, out);
    policy_begin_statement(&j, "KeepSnapshotReads", "Deny");
    jsonout_strings(&j, "Action", rights_reads, RIGHTS_READS);
    if (w->targets.count)
        policy_add_snapshots(&j, w, NULL);
    else
        jsonout_string(&j, "Resource", "*");
    jsonout_open(&j, "Condition", '{');
    jsonout_open(&j, "ArnNotEquals", '{');
    jsonout_strings(&j, "aws:PrincipalArn", w->roles.at, w->roles.count);
    jsonout_close(&j, '}');
    jsonout_close(&j, '}');
    jsonout_close(&j, '}');
    return policy_end(&j, e);
}

/* In the policy of a key any pattern that the key fits means this key. */
static void add_keys(struct jsonout *j, const struct policy_wish *w)
{
    char any[128];

    if (w->keys.count) {
        jsonout_strings(j, "Resource", w->keys.at, w->keys.count);
        return;
    }
    snprintf(any, sizeof(any), "arn:%s:kms:%s:*:key/*", w->partition,
             w->region ? w->region : "*");
    jsonout_string(j, "Resource", any);
}

int policy_write_kms(const struct policy_wish *w, struct text *out,
                     struct err *e)
{
    struct jsonout j;

    policy_begin(&j, out);
    policy_begin_statement(&j, "ReadSnapshotsThroughEbs", "Allow");
    jsonout_open(&j, "Principal", '{');
    jsonout_strings(&j, "AWS", w->roles.at, w->roles.count);
    jsonout_close(&j, '}');
    jsonout_strings(&j, "Action", rights_kms, RIGHTS_KMS);
    add_keys(&j, w);
    policy_add_via_ebs(&j, w);
    jsonout_close(&j, '}');
    return policy_end(&j, e);
}
