/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/statement.h"

#include <stdio.h>
#include <string.h>

#include "policy/arn.h"

#define ARN_ROOM 128

void policy_begin(struct jsonout *j, struct text *out)
{
    *j = (struct jsonout){ .to = out };
    jsonout_open(j, NULL, '{');
    jsonout_string(j, "Version", "2012-10-17");
    jsonout_open(j, "Statement", '[');
}

int policy_end(struct jsonout *j, struct err *e)
{
    jsonout_close(j, ']');
    jsonout_close(j, '}');
    text_add(j->to, "\n");
    return j->to->failed ? err_nomem(e) : 0;
}

void policy_begin_statement(struct jsonout *j, const char *sid,
                            const char *effect)
{
    jsonout_open(j, NULL, '{');
    jsonout_string(j, "Sid", sid);
    jsonout_string(j, "Effect", effect);
}

/* The account's field is empty: IAM refuses a snapshot's ARN that has one. */
static void add_snapshot(struct jsonout *j, const struct policy_wish *w,
                         const char *id)
{
    char arn[ARN_ROOM];

    snprintf(arn, sizeof(arn), "arn:%s:ec2:%s::snapshot/%s", w->partition,
             w->region ? w->region : "*", id);
    jsonout_string(j, NULL, arn);
}

void policy_add_snapshots(struct jsonout *j, const struct policy_wish *w,
                          const char *more)
{
    jsonout_open(j, "Resource", '[');
    for (size_t i = 0; i < w->targets.count; i++)
        if (arn_id_ok("snap-", w->targets.at[i]))
            add_snapshot(j, w, w->targets.at[i]);
    if (more)
        add_snapshot(j, w, more);
    jsonout_close(j, ']');
}

/* Whose account it is was not given. */
static void add_source(struct jsonout *j, const struct policy_wish *w,
                       const char *kind, const char *id)
{
    char arn[ARN_ROOM];

    snprintf(arn, sizeof(arn), "arn:%s:ec2:%s:*:%s/%s", w->partition,
             w->region ? w->region : "*", kind, id);
    jsonout_string(j, NULL, arn);
}

void policy_add_sources(struct jsonout *j, const struct policy_wish *w)
{
    bool instance = false;

    jsonout_open(j, "Resource", '[');
    for (size_t i = 0; i < w->targets.count; i++) {
        bool volume = arn_id_ok("vol-", w->targets.at[i]);

        add_source(j, w, volume ? "volume" : "instance", w->targets.at[i]);
        instance |= !volume;
    }
    if (instance)
        add_source(j, w, "volume", "*");
    add_snapshot(j, w, "*");
    jsonout_close(j, ']');
}

void policy_add_new(struct jsonout *j, const struct policy_wish *w)
{
    jsonout_open(j, "Resource", '[');
    add_snapshot(j, w, "*");
    jsonout_close(j, ']');
}

/* The service that KMS sees is EC2 (ebs.REGION... matches nothing).  Its name
 * in other partitions is not known to end as it does in these two. */
static bool ends_usually(const char *partition)
{
    return strcmp(partition, "aws") == 0
        || strcmp(partition, "aws-us-gov") == 0;
}

void policy_add_via_ebs(struct jsonout *j, const struct policy_wish *w)
{
    bool usual = ends_usually(w->partition);
    char service[ARN_ROOM];

    snprintf(service, sizeof(service), "ec2.%s.%s",
             w->region ? w->region : "*", usual ? "amazonaws.com" : "*");
    jsonout_open(j, "Condition", '{');
    jsonout_open(j, usual && w->region ? "StringEquals" : "StringLike", '{');
    jsonout_string(j, "kms:ViaService", service);
    jsonout_close(j, '}');
    jsonout_close(j, '}');
}
