/* SPDX-License-Identifier: Apache-2.0 */
#include "op.h"

#include <stdio.h>
#include <string.h>

#include "codec.h"
#include "request.h"
#include "scope.h"

static void unknown(struct request *r)
{
    fault_answer(r, FAULT_UNKNOWN_OPERATION, NULL);
}

#define EBS FAMILY_EBS
#define EC2 FAMILY_EC2
#define STS FAMILY_STS

static const struct op ops[] = {
    { OP_LIST, EBS, "ListSnapshotBlocks", "GET", "/snapshots/$/blocks",
      "snapshotId", op_list },
    { OP_CHANGED, EBS, "ListChangedBlocks", "GET",
      "/snapshots/$/changedblocks", "secondSnapshotId", op_changed },
    { OP_GET, EBS, "GetSnapshotBlock", "GET", "/snapshots/$/blocks/#",
      "snapshotId", op_get },
    { OP_START, EBS, "StartSnapshot", "POST", "/snapshots", "snapshotId",
      op_start },
    { OP_PUT, EBS, "PutSnapshotBlock", "PUT", "/snapshots/$/blocks/#",
      "snapshotId", op_put },
    { OP_COMPLETE, EBS, "CompleteSnapshot", "POST",
      "/snapshots/completion/$", "snapshotId", op_complete },
    { OP_SNAPSHOTS, EC2, "DescribeSnapshots", NULL, "/", "", ec2_snapshots },
    { OP_VOLUMES, EC2, "DescribeVolumes", NULL, "/", "", ec2_volumes },
    { OP_INSTANCES, EC2, "DescribeInstances", NULL, "/", "", ec2_instances },
    { OP_IMAGES, EC2, "DescribeImages", NULL, "/", "", ec2_images },
    { OP_DELETE, EC2, "DeleteSnapshot", NULL, "/", "", ec2_delete },
    { OP_LOCKS, EC2, "DescribeLockedSnapshots", NULL, "/", "", ec2_locks },
    { OP_TIERS, EC2, "DescribeSnapshotTierStatus", NULL, "/", "",
      ec2_tiers },
    { OP_SHARING, EC2, "DescribeSnapshotAttribute", NULL, "/", "",
      ec2_sharing },
    { OP_REGIONS, EC2, "DescribeRegions", NULL, "/", "", ec2_regions },
    { OP_CREATE, EC2, "CreateSnapshot", NULL, "/", "", ec2_create },
    { OP_CREATE_ALL, EC2, "CreateSnapshots", NULL, "/", "", ec2_create_all },
    { OP_COPY, EC2, "CopySnapshot", NULL, "/", "", ec2_copy },
    { OP_IDENTITY, STS, "GetCallerIdentity", NULL, "/", "", sts_identity },
    { OP_ASSUME, STS, "AssumeRole", NULL, "/", "", sts_assume },
    { OP_ASSUME_WEB, STS, "AssumeRoleWithWebIdentity", NULL, "/", "",
      sts_assume_web },
};

/* By what an unknown Action is answered: its version tells the service. */
static const struct op unknown_ebs = { OP_UNKNOWN, EBS, "Unknown", NULL,
                                       NULL, "snapshotId", unknown };
static const struct op unknown_ec2 = { OP_UNKNOWN, EC2, "Unknown", NULL,
                                       NULL, "", unknown };
static const struct op unknown_sts = { OP_UNKNOWN, STS, "Unknown", NULL,
                                       NULL, "", unknown };

/* Copies one segment of the path; false when it is empty or too long. */
static bool take_segment(const char **path, char *out, size_t room)
{
    size_t n = strcspn(*path, "/");

    if (n == 0 || n >= room)
        return false;
    memcpy(out, *path, n);
    out[n] = '\0';
    *path += n;
    return true;
}

static bool path_fits(struct request *r, const char *pattern)
{
    const char *path = r->path;

    r->snapshot[0] = '\0';
    r->block_text[0] = '\0';
    for (; *pattern; pattern++) {
        if (*pattern == '$') {
            if (!take_segment(&path, r->snapshot, sizeof(r->snapshot)))
                return false;
        } else if (*pattern == '#') {
            if (!take_segment(&path, r->block_text, sizeof(r->block_text)))
                return false;
        } else if (*pattern != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static bool fits(struct request *r, const struct op *op, const char *action)
{
    if (op->method)
        return strcmp(op->method, r->method) == 0 && path_fits(r, op->path);
    return action && strcmp(r->path, "/") == 0 &&
           strcmp(op->event, action) == 0;
}

static const struct op *unknown_op(const struct request *r)
{
    const char *version = params_get(&r->params, "Version");

    if (!version)
        return &unknown_ebs;
    return strcmp(version, "2011-06-15") == 0 ? &unknown_sts : &unknown_ec2;
}

void op_find(struct request *r)
{
    const char *action = params_get(&r->params, "Action");
    uint64_t block;

    r->op = NULL;
    for (size_t i = 0; i < COUNT(ops) && !r->op; i++)
        if (fits(r, &ops[i], action))
            r->op = &ops[i];
    if (!r->op) {
        r->snapshot[0] = '\0';
        r->block_text[0] = '\0';
        r->op = unknown_op(r);
    }
    if (codec_number(r->block_text, INT32_MAX, &block))
        r->block = (int64_t)block;
}

const char *op_service(const struct op *op)
{
    static const char *const names[] = { [EBS] = "ebs",
                                         [EC2] = "ec2",
                                         [STS] = "sts" };

    return names[op->family];
}
