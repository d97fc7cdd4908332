/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/detect-search.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* What ListChangedBlocks names has two other names. */
static const char *const id_names[] = {
    "snapshotId", "firstSnapshotId", "secondSnapshotId",
};

static const char *event_name(int i)
{
    return strchr(rights_reads[i], ':') + 1;
}

/* ------------------------------------------------------------------- Sigma */

static void add_reads(struct jsonout *j)
{
    jsonout_open(j, "reads", '{');
    jsonout_string(j, "eventSource", "ebs.amazonaws.com");
    jsonout_open(j, "eventName", '[');
    for (int i = 0; i < RIGHTS_READS; i++)
        jsonout_string(j, NULL, event_name(i));
    jsonout_close(j, ']');
    jsonout_close(j, '}');
}

/* One of the maps of a list is enough. */
static void add_named(struct jsonout *j, const struct policy_wish *w)
{
    jsonout_open(j, "named", '[');
    for (size_t i = 0; i < COUNT(id_names); i++) {
        char field[64] = "requestParameters.";

        strcat(field, id_names[i]);
        jsonout_open(j, NULL, '{');
        jsonout_strings(j, field, w->targets.at, w->targets.count);
        jsonout_close(j, '}');
    }
    jsonout_close(j, ']');
}

static void add_about(struct jsonout *j)
{
    static const char *const tags[] = { "attack.collection", "attack.t1530",
                                        "attack.exfiltration" };

    jsonout_string(j, "title", "EBS Snapshot Blocks Read Directly");
    jsonout_string(j, "id", "6f0d7c1e-95b1-4a44-8d0c-5a3f7b9c2e61");
    jsonout_string(j, "status", "experimental");
    jsonout_string(j, "description", "Somebody lists or reads the blocks of "
                   "an EBS snapshot over the EBS direct APIs, which needs no "
                   "volume and no instance. These are data events: a trail "
                   "has them only where it was told to take them.");
    jsonout_string(j, "author", "ebsimg");
    jsonout_string(j, "date", "2026-11-30");
    jsonout_strings(j, "tags", tags, COUNT(tags));
}

void detect_add_sigma(struct jsonout *j, const struct policy_wish *w)
{
    static const char *const false_positives[] = {
        "Backup and forensic programs that use the EBS direct APIs: exclude "
        "their roles by userIdentity.arn",
    };

    jsonout_open(j, "SigmaRule", '{');
    add_about(j);
    jsonout_open(j, "logsource", '{');
    jsonout_string(j, "product", "aws");
    jsonout_string(j, "service", "cloudtrail");
    jsonout_close(j, '}');
    jsonout_open(j, "detection", '{');
    add_reads(j);
    if (w->targets.count)
        add_named(j, w);
    jsonout_string(j, "condition",
                   w->targets.count ? "reads and named" : "reads");
    jsonout_close(j, '}');
    jsonout_strings(j, "falsepositives", false_positives, 1);
    jsonout_string(j, "level", "medium");
    jsonout_close(j, '}');
}

/* ------------------------------------------------------------------ Athena */

#define PARAMETER(name) "json_extract_scalar(requestparameters, '$." name "')"

static void add_list(struct text *t, const char *const *words, size_t n)
{
    text_add(t, " IN (");
    for (size_t i = 0; i < n; i++)
        text_addf(t, "%s'%s'", i ? ", " : "", words[i]);
    text_add(t, ")");
}

/* Ids are of hex digits: nothing in them ends a text of SQL. */
static void add_where(struct text *t, const struct policy_wish *w)
{
    const char *names[RIGHTS_READS];

    for (int i = 0; i < RIGHTS_READS; i++)
        names[i] = event_name(i);
    text_add(t, " FROM cloudtrail_logs"
                " WHERE eventsource = 'ebs.amazonaws.com' AND eventname");
    add_list(t, names, RIGHTS_READS);
    for (size_t i = 0; w->targets.count && i < COUNT(id_names); i++) {
        text_addf(t, "%s json_extract_scalar(requestparameters, '$.%s')",
                  i ? " OR" : " AND (", id_names[i]);
        add_list(t, w->targets.at, w->targets.count);
    }
    text_add(t, w->targets.count ? ")" : "");
}

void detect_add_athena(struct jsonout *j, const struct policy_wish *w)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "SELECT useridentity.arn AS principal,"
             " coalesce(" PARAMETER("snapshotId") ", "
             PARAMETER("secondSnapshotId") ") AS snapshot,"
             " count(DISTINCT eventid) AS calls,"
             " count(DISTINCT CASE WHEN errorcode IS NULL"
             " AND eventname = 'GetSnapshotBlock' THEN "
             PARAMETER("blockIndex") " END) AS blocks,"
             " min(eventtime) AS first_call, max(eventtime) AS last_call,"
             " array_agg(DISTINCT sourceipaddress) AS addresses");
    add_where(&t, w);
    text_add(&t, " GROUP BY 1, 2 ORDER BY blocks DESC");
    j->to->failed |= t.failed;
    if (!t.failed)
        jsonout_string(j, "AthenaQuery", t.s);
}
