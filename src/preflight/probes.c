/* SPDX-License-Identifier: Apache-2.0 */
#include "preflight/probes.h"

#include <stddef.h>
#include <string.h>

#include "aws/verdict.h"

static const struct probe probes[] = {
    { "sts:GetCallerIdentity", PROBE_IDENTITY, "whose keys these are" },
    { "ec2:DescribeSnapshots", PROBE_SNAPSHOT,
      "volume, owner, time and state" },
    { "ec2:DescribeVolumes", PROBE_DRY, "what a volume was made from" },
    { "ec2:DescribeInstances", PROBE_DRY, "the volumes of an instance" },
    { "ec2:DescribeImages", PROBE_DRY, "the snapshots of machine images" },
    { "ec2:DescribeRegions", PROBE_DRY, "--all-regions" },
    { "ec2:DescribeLockedSnapshots", PROBE_DRY, "whether it is locked" },
    { "ec2:DescribeSnapshotTierStatus", PROBE_DRY,
      "moves between tiers" },
    { "ec2:DescribeSnapshotAttribute", PROBE_SHARING,
      "with whom it is shared" },
    { "ec2:CreateSnapshot", PROBE_MAKE, "the snapshot" },
    { "ec2:CreateSnapshots", PROBE_MAKE, "the snapshots, of one moment" },
    { "ec2:CreateTags", PROBE_TAG, "the tag that a request is found by" },
    { "ebs:ListSnapshotBlocks", PROBE_LIST, "which blocks are stored" },
    { "ebs:GetSnapshotBlock", PROBE_BLOCK, "the blocks themselves" },
    { "ebs:ListChangedBlocks", PROBE_CHANGED, "what differs between two" },
    { "kms:Decrypt", PROBE_KEY, "blocks of an encrypted snapshot" },
    { "kms:DescribeKey", PROBE_KEY, "blocks of an encrypted snapshot" },
};

const struct probe_spare probe_spares[PROBE_SPARES] = {
    { "ec2:CreateSnapshot", "it makes more snapshots of the volume" },
    { "ec2:CopySnapshot", "it makes copies of the snapshot" },
};

const struct probe *probe_find(const char *right)
{
    for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
        if (strcmp(probes[i].right, right) == 0)
            return &probes[i];
    return NULL;
}

const char *probe_action(const char *right)
{
    const char *colon = strchr(right, ':');

    return colon ? colon + 1 : right;
}

enum check_answer probe_judge(const struct err *why)
{
    switch ((enum meaning)why->meaning) {
    case MEANS_ALLOWED:
    case MEANS_UNRELATED:
    case MEANS_GONE:
        return CHECK_YES;
    case MEANS_NO_RIGHT:
        return CHECK_NO;
    default:
        return CHECK_UNKNOWN;
    }
}

enum check_answer probe_judge_key(const struct err *why)
{
    if (why->meaning == MEANS_NOT_THIS_ONE)
        return CHECK_NO;
    return why->meaning == MEANS_NO_RIGHT && !verdict_lacks_right(why)
        ? CHECK_NO : CHECK_UNKNOWN;
}
