/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that notice reads of snapshots, and snapshots that others may read.
 *
 * Facts: reads are data events (CloudTrail, resources.type AWS::EC2::Snapshot)
 * and are in no trail that was not told to take them.  A change of who may use
 * a snapshot is a management event of EC2.  AWS Config has a rule of its own
 * for public ones. */
#include <stdio.h>
#include <string.h>

#include "policy/detect-search.h"
#include "policy/jsonout.h"
#include "policy/policy.h"

#define RULE_NAME "ebsimg-snapshot-reads"
#define CONFIG_NAME "ebsimg-snapshot-public"
#define PATTERN_MAX 4096  /* EventBridge: characters of a pattern */

/* Without "ebs:": as events are called. */
static void add_event_names(struct jsonout *j, const char *name)
{
    jsonout_open(j, name, '[');
    for (int i = 0; i < RIGHTS_READS; i++)
        jsonout_string(j, NULL, strchr(rights_reads[i], ':') + 1);
    jsonout_close(j, ']');
}

/* The ends of the ARNs, whatever partition and region they say: AWS's own
 * records have some of another region than they are of. */
static void add_arn_end(struct jsonout *j, const char *name, const char *id)
{
    char end[64];

    snprintf(end, sizeof(end), "::snapshot/%s", id);
    jsonout_string(j, name, end);
}

/* ------------------------------------------------------------- CloudTrail */

static void open_field(struct jsonout *j, const char *field,
                       const char *operator)
{
    jsonout_open(j, NULL, '{');
    jsonout_string(j, "Field", field);
    jsonout_open(j, operator, '[');
}

static void close_field(struct jsonout *j)
{
    jsonout_close(j, ']');
    jsonout_close(j, '}');
}

static void add_field(struct jsonout *j, const char *field,
                      const char *value)
{
    open_field(j, field, "Equals");
    jsonout_string(j, NULL, value);
    close_field(j);
}

static void add_fields(struct jsonout *j, const struct policy_wish *w)
{
    add_field(j, "eventCategory", "Data");
    add_field(j, "resources.type", "AWS::EC2::Snapshot");
    jsonout_open(j, NULL, '{');
    jsonout_string(j, "Field", "eventName");
    add_event_names(j, "Equals");
    jsonout_close(j, '}');
    if (!w->targets.count)
        return;
    open_field(j, "resources.ARN", "EndsWith");
    for (size_t i = 0; i < w->targets.count; i++)
        add_arn_end(j, NULL, w->targets.at[i]);
    close_field(j);
}

static void add_selectors(struct jsonout *j, const struct policy_wish *w)
{
    jsonout_open(j, "PutEventSelectors", '{');
    jsonout_string(j, "TrailName", w->trail);
    jsonout_open(j, "AdvancedEventSelectors", '[');
    jsonout_open(j, NULL, '{');
    jsonout_string(j, "Name", "Direct reads of EBS snapshots");
    jsonout_open(j, "FieldSelectors", '[');
    add_fields(j, w);
    jsonout_close(j, ']');
    jsonout_close(j, '}');
    jsonout_close(j, ']');
    jsonout_close(j, '}');
}

/* ------------------------------------------------------------ EventBridge */

static void add_one(struct jsonout *j, const char *name, const char *value)
{
    jsonout_strings(j, name, &value, 1);
}

/* Whoever reads: the forensic role itself, too, so that its own work is a
 * test of the rule. */
static void add_reads(struct jsonout *j, const struct policy_wish *w)
{
    jsonout_open(j, NULL, '{');
    add_one(j, "source", "aws.ebs");
    jsonout_open(j, "detail", '{');
    add_one(j, "eventSource", "ebs.amazonaws.com");
    add_event_names(j, "eventName");
    if (w->targets.count) {
        jsonout_open(j, "resources", '{');
        jsonout_open(j, "ARN", '[');
        for (size_t i = 0; i < w->targets.count; i++) {
            jsonout_open(j, NULL, '{');
            add_arn_end(j, "suffix", w->targets.at[i]);
            jsonout_close(j, '}');
        }
        jsonout_close(j, ']');
        jsonout_close(j, '}');
    }
    jsonout_close(j, '}');
    jsonout_close(j, '}');
}

static void add_shares(struct jsonout *j, const struct policy_wish *w)
{
    jsonout_open(j, NULL, '{');
    add_one(j, "source", "aws.ec2");
    jsonout_open(j, "detail", '{');
    add_one(j, "eventSource", "ec2.amazonaws.com");
    add_one(j, "eventName", "ModifySnapshotAttribute");
    if (w->targets.count) {
        jsonout_open(j, "requestParameters", '{');
        jsonout_strings(j, "snapshotId", w->targets.at, w->targets.count);
        jsonout_close(j, '}');
    }
    jsonout_close(j, '}');
    jsonout_close(j, '}');
}

static void write_pattern(const struct policy_wish *w, struct text *out)
{
    struct jsonout j = { .to = out, .flat = true };

    jsonout_open(&j, NULL, '{');
    add_one(&j, "detail-type", "AWS API Call via CloudTrail");
    jsonout_open(&j, "$or", '[');
    add_reads(&j, w);
    add_shares(&j, w);
    jsonout_close(&j, ']');
    jsonout_close(&j, '}');
}

static void add_rule(struct jsonout *j, const char *pattern)
{
    jsonout_open(j, "PutRule", '{');
    jsonout_string(j, "Name", RULE_NAME);
    jsonout_string(j, "Description", "Somebody reads EBS snapshots directly, "
                   "or changes who may");
    jsonout_string(j, "EventPattern", pattern);
    jsonout_string(j, "State", "ENABLED");
    jsonout_close(j, '}');
}

/* ----------------------------------------------------------------- Config */

static void add_config(struct jsonout *j)
{
    jsonout_open(j, "PutConfigRule", '{');
    jsonout_open(j, "ConfigRule", '{');
    jsonout_string(j, "ConfigRuleName", CONFIG_NAME);
    jsonout_string(j, "Description", "No EBS snapshot is public");
    jsonout_open(j, "Source", '{');
    jsonout_string(j, "Owner", "AWS");
    jsonout_string(j, "SourceIdentifier",
                   "EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK");
    jsonout_close(j, '}');
    jsonout_string(j, "MaximumExecutionFrequency", "One_Hour");
    jsonout_close(j, '}');
    jsonout_close(j, '}');
}

int policy_write_detect(const struct policy_wish *w, struct text *out,
                        struct err *e)
{
    struct jsonout j = { .to = out };
    autotext struct text pattern = TEXT_INIT;

    write_pattern(w, &pattern);
    if (pattern.failed)
        return err_nomem(e);
    if (pattern.len > PATTERN_MAX)
        return err_set(e, ERR_USAGE, 0, "%zu snapshots are more than a rule "
                       "of EventBridge takes (%d characters): name fewer, or "
                       "none for all of them", w->targets.count, PATTERN_MAX);
    jsonout_open(&j, NULL, '{');
    add_selectors(&j, w);
    add_rule(&j, pattern.s);
    add_config(&j);
    detect_add_sigma(&j, w);
    detect_add_athena(&j, w);
    jsonout_close(&j, '}');
    text_add(out, "\n");
    return out->failed ? err_nomem(e) : 0;
}
