/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/rights.h"

#include <string.h>

#define LIST "ebs:ListSnapshotBlocks"
#define GET "ebs:GetSnapshotBlock"
#define CHANGED "ebs:ListChangedBlocks"
#define DECRYPT "kms:Decrypt"
#define DESCRIBE_KEY "kms:DescribeKey"

const char *const rights_reads[RIGHTS_READS] = { LIST, GET, CHANGED };
const char *const rights_kms[RIGHTS_KMS] = { DECRYPT, DESCRIBE_KEY };

/* EBS asks KMS itself, with the rights of whoever reads, and answers that
 * there is no such key when one of the two is missing.  GetCallerIdentity is
 * answered whatever a policy says; it is named so that the policy has every
 * call that the command makes. */
const struct rights_row rights_table[] = {
    /* command   right                    scope            required, wanted */
    { "acquire", LIST,                    RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "acquire", GET,                     RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "acquire", CHANGED,                 RIGHTS_AND_BASE, 0, RIGHTS_LINE },
    { "acquire", "ec2:DescribeSnapshots", RIGHTS_ANY,      0, RIGHTS_ALWAYS },
    { "acquire", "sts:GetCallerIdentity", RIGHTS_ANY,      0, RIGHTS_ALWAYS },
    { "acquire", DECRYPT,                 RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },
    { "acquire", DESCRIBE_KEY,            RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },

    /* Without an answer about the target itself there is nothing to tell. */
    { "chain",   "ec2:DescribeSnapshots", RIGHTS_ANY,
      RIGHTS_SNAPSHOT | RIGHTS_VOLUME, RIGHTS_ALWAYS },
    { "chain",   "ec2:DescribeVolumes",   RIGHTS_ANY,
      RIGHTS_VOLUME, RIGHTS_ALWAYS },
    { "chain",   "ec2:DescribeInstances", RIGHTS_ANY,
      RIGHTS_INSTANCE, 0 },
    { "chain",   "ec2:DescribeImages",    RIGHTS_ANY,      0, RIGHTS_ALWAYS },
    { "chain",   CHANGED,                 RIGHTS_NAMED,    0, RIGHTS_ALWAYS },
    { "chain",   DECRYPT,                 RIGHTS_KEYS,     0, RIGHTS_ALWAYS },
    { "chain",   DESCRIBE_KEY,            RIGHTS_KEYS,     0, RIGHTS_ALWAYS },

    { "diff",    LIST,                    RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "diff",    GET,                     RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "diff",    CHANGED,                 RIGHTS_NAMED,    RIGHTS_PAIR, 0 },
    { "diff",    DECRYPT,                 RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },
    { "diff",    DESCRIBE_KEY,            RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },

    { "files",   LIST,                    RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "files",   GET,                     RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "files",   CHANGED,                 RIGHTS_NAMED,    0, RIGHTS_PAIR },
    { "files",   DECRYPT,                 RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },
    { "files",   DESCRIBE_KEY,            RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },
    { "scan",    LIST,                    RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "scan",    GET,                     RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "scan",    CHANGED,                 RIGHTS_NAMED,    RIGHTS_PAIR, 0 },
    { "scan",    DECRYPT,                 RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },
    { "scan",    DESCRIBE_KEY,            RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },
    { "events",  LIST,                    RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "events",  GET,                     RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "events",  CHANGED,                 RIGHTS_NAMED,    RIGHTS_PAIR, 0 },
    { "events",  DECRYPT,                 RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },
    { "events",  DESCRIBE_KEY,            RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },

    /* --instance, --image, --all-regions and --details; without: unknown. */
    { "list",    "ec2:DescribeSnapshots", RIGHTS_ANY,      RIGHTS_ALWAYS, 0 },
    { "list",    "ec2:DescribeInstances", RIGHTS_ANY,
      RIGHTS_INSTANCE, RIGHTS_ALWAYS },
    { "list",    "ec2:DescribeVolumes",   RIGHTS_ANY,      0, RIGHTS_ALWAYS },
    { "list",    "ec2:DescribeImages",    RIGHTS_ANY,      0, RIGHTS_ALWAYS },
    { "list",    "ec2:DescribeRegions",   RIGHTS_ANY,      0, RIGHTS_ALWAYS },
    { "list",    "ec2:DescribeLockedSnapshots", RIGHTS_ANY,
      0, RIGHTS_ALWAYS },
    { "list",    "ec2:DescribeSnapshotTierStatus", RIGHTS_ANY,
      0, RIGHTS_ALWAYS },
    { "list",    "ec2:DescribeSnapshotAttribute", RIGHTS_ANY,
      0, RIGHTS_ALWAYS },
    { "list",    "sts:GetCallerIdentity", RIGHTS_ANY,      0, RIGHTS_ALWAYS },

    /* --exact lists the blocks. */
    { "plan",    "ec2:DescribeSnapshots", RIGHTS_ANY,      RIGHTS_ALWAYS, 0 },
    { "plan",    LIST,                    RIGHTS_NAMED,    0, RIGHTS_ALWAYS },
    { "plan",    DECRYPT,                 RIGHTS_KEYS,     0, RIGHTS_ALWAYS },
    { "plan",    DESCRIBE_KEY,            RIGHTS_KEYS,     0, RIGHTS_ALWAYS },

    /* Of preflight acquire, the widest; it tells what is missing. */
    { "preflight", LIST,                  RIGHTS_NAMED,    0, RIGHTS_ALWAYS },
    { "preflight", GET,                   RIGHTS_NAMED,    0, RIGHTS_ALWAYS },
    { "preflight", "ec2:DescribeSnapshots", RIGHTS_ANY,    0, RIGHTS_ALWAYS },
    { "preflight", "sts:GetCallerIdentity", RIGHTS_ANY,    0, RIGHTS_ALWAYS },
    { "preflight", DECRYPT,               RIGHTS_KEYS,     0, RIGHTS_ALWAYS },
    { "preflight", DESCRIBE_KEY,          RIGHTS_KEYS,     0, RIGHTS_ALWAYS },

    /* Each snapshot gets a tag when it is made: without it there is none. */
    { "snapshot", "ec2:DescribeInstances", RIGHTS_ANY, RIGHTS_INSTANCE, 0 },
    { "snapshot", "ec2:DescribeVolumes",  RIGHTS_ANY,  RIGHTS_ALWAYS, 0 },
    { "snapshot", "ec2:CreateSnapshot",   RIGHTS_MAKE,  RIGHTS_VOLUME, 0 },
    { "snapshot", "ec2:CreateSnapshots",  RIGHTS_MAKE,  RIGHTS_INSTANCE, 0 },
    { "snapshot", "ec2:CreateTags",       RIGHTS_TAG,  RIGHTS_ALWAYS, 0 },
    { "snapshot", "ec2:DescribeSnapshots", RIGHTS_ANY, 0, RIGHTS_ALWAYS },
    { "snapshot", "sts:GetCallerIdentity", RIGHTS_ANY, 0, RIGHTS_ALWAYS },

    { "serve",   LIST,                    RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "serve",   GET,                     RIGHTS_NAMED,    RIGHTS_ALWAYS, 0 },
    { "serve",   DECRYPT,                 RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },
    { "serve",   DESCRIBE_KEY,            RIGHTS_KEYS,     RIGHTS_ALWAYS, 0 },

    /* --remote, which a snapshot stands for; without one it asks nothing. */
    { "verify",  LIST,                    RIGHTS_NAMED,  RIGHTS_SNAPSHOT, 0 },
    { "verify",  GET,                     RIGHTS_NAMED,  RIGHTS_SNAPSHOT, 0 },
    { "verify",  DECRYPT,                 RIGHTS_KEYS,   RIGHTS_SNAPSHOT, 0 },
    { "verify",  DESCRIBE_KEY,            RIGHTS_KEYS,   RIGHTS_SNAPSHOT, 0 },
};

const size_t rights_rows = sizeof(rights_table) / sizeof(rights_table[0]);

static const struct rights_command commands[] = {
    { "acquire", RIGHTS_SNAPSHOT, true },
    { "chain", RIGHTS_SNAPSHOT | RIGHTS_VOLUME | RIGHTS_INSTANCE, false },
    { "diff", RIGHTS_SNAPSHOT, false },
    { "files", RIGHTS_SNAPSHOT, false },
    { "info", 0, false },
    { "list", RIGHTS_SNAPSHOT | RIGHTS_VOLUME | RIGHTS_INSTANCE, false },
    { "plan", RIGHTS_SNAPSHOT, false },
    { "policy", 0, false },
    { "preflight", RIGHTS_SNAPSHOT, false },
    { "serve", RIGHTS_SNAPSHOT, false },
    { "readers", 0, false },
    { "reconcile", 0, false },
    { "scan", RIGHTS_SNAPSHOT, false },
    { "events", RIGHTS_SNAPSHOT, false },
    { "report", 0, false },
    { "seal", 0, false },
    { "custody", 0, false },
    { "snapshot", RIGHTS_VOLUME | RIGHTS_INSTANCE, false },
    { "verify", 0, false },
};

const struct rights_command *rights_find(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

bool rights_used(const struct rights_row *r, const struct rights_command *c,
                 unsigned named, bool least)
{
    unsigned when = least ? r->required : r->required | r->wanted;

    return strcmp(r->command, c->name) == 0
        && (when & (named | RIGHTS_ALWAYS)) != 0;
}
