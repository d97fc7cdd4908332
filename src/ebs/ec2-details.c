/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/ec2-details.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/xml.h"

#define ROWS(rows) { rows, sizeof(rows) / sizeof((rows)[0]) }

/* ----------------------------------------------------------------- locks */

#define LOCK "DescribeLockedSnapshotsResponse/snapshotSet/item"
#define L(path, member, required) \
    { LOCK path, XML_TEXT, offsetof(struct ec2_lock, member), required }

static const struct xml_field lock_rows[] = {
    L("/snapshotId", snapshot_id, true),
    L("/lockState", state, true),
    L("/lockExpiresOn", expires, false),
    L("/coolOffPeriodExpiresOn", cooloff_expires, false),
};

static const struct xmllist_kind locks = {
    .name = "locks",
    .root = "DescribeLockedSnapshotsResponse",
    .item = LOCK,
    .fields = ROWS(lock_rows),
    .size = sizeof(struct ec2_lock),
    .max = 1000,
};

void ec2_describe_locks(struct call *c, const char *const *ids, size_t n,
                        const char *next)
{
    ec2_begin(c, "DescribeLockedSnapshots");
    ec2_add_list(c, "SnapshotId", ids, n);
    ec2_add_next(c, next);
}

int ec2_parse_locks(const char *xml, size_t n, struct xmllist *out,
                    char **next, struct err *e)
{
    return xmllist_read(&locks, xml, n, out, next, e);
}

void ec2_locks_free(struct xmllist *l)
{
    xmllist_free(&locks, l);
}

/* ----------------------------------------------------------------- tiers */

#define TIER "DescribeSnapshotTierStatusResponse/snapshotTierStatusSet/item"
#define T(path, member, required) \
    { TIER path, XML_TEXT, offsetof(struct ec2_tier, member), required }

static const struct xml_field tier_rows[] = {
    T("/snapshotId", snapshot_id, true),
    T("/lastTieringOperationStatus", operation, false),
    T("/archivalCompleteTime", archived, false),
    T("/restoreExpiryTime", restore_expires, false),
};

static const struct xmllist_kind tiers = {
    .name = "tiers",
    .root = "DescribeSnapshotTierStatusResponse",
    .item = TIER,
    .fields = ROWS(tier_rows),
    .size = sizeof(struct ec2_tier),
    .max = 1000,
};

void ec2_describe_tiers(struct call *c, const char *const *ids, size_t n,
                        const char *next)
{
    ec2_begin(c, "DescribeSnapshotTierStatus");
    ec2_add_filter(c, 1, &(struct ec2_filter){ "snapshot-id", ids, n });
    ec2_add_next(c, next);
}

int ec2_parse_tiers(const char *xml, size_t n, struct xmllist *out,
                    char **next, struct err *e)
{
    return xmllist_read(&tiers, xml, n, out, next, e);
}

void ec2_tiers_free(struct xmllist *l)
{
    xmllist_free(&tiers, l);
}

/* --------------------------------------------------------------- sharing */

#define SHARING "DescribeSnapshotAttributeResponse"
#define SHARES SHARING "/createVolumePermission"
#define PERMISSION SHARES "/item"

static const struct xml_field sharing_rows[] = {
    { SHARING "/snapshotId", XML_TEXT,
      offsetof(struct ec2_sharing, snapshot_id), true },
};

static const struct xml_field permission_rows[] = {
    { PERMISSION "/userId", XML_TEXT,
      offsetof(struct ec2_permission, account), false },
    { PERMISSION "/group", XML_TEXT,
      offsetof(struct ec2_permission, group), false },
};

/* The document is the only thing in it. */
static const struct xmllist_kind sharing = {
    .name = "who may restore a snapshot",
    .root = SHARING,
    .item = SHARING,
    .fields = ROWS(sharing_rows),
    .size = sizeof(struct ec2_sharing),
    .max = 1,
    .inner = PERMISSION,
    .inner_fields = ROWS(permission_rows),
    .inner_size = sizeof(struct ec2_permission),
    .inner_max = 10000,
    .inner_name = "permissions",
    .inner_at = offsetof(struct ec2_sharing, permissions),
};

void ec2_describe_sharing(struct call *c, const char *id)
{
    ec2_begin(c, "DescribeSnapshotAttribute");
    call_form(c, "Attribute", "createVolumePermission");
    call_form(c, "SnapshotId", id);
}

static int see_shares(void *ctx, const char *path, struct err *e)
{
    (void)e;
    *(bool *)ctx |= strcmp(path, SHARES) == 0;
    return 0;
}

static int ignore(void *ctx, const char *path, const char *text,
                  struct err *e)
{
    (void)ctx;
    (void)path;
    (void)text;
    (void)e;
    return 0;
}

static int check_told(const char *xml, size_t n, struct err *e)
{
    static const struct xml_handler handler = { see_shares, ignore };
    bool told = false;

    if (xml_read(xml, n, &handler, &told, e) < 0)
        return -1;
    return told ? 0 : err_set(e, ERR_SERVICE, 0,
                              "the answer of EC2 says nothing of sharing");
}

/* Neither an account nor a group: with somebody, but nobody knows whom. */
static int check_permissions(const struct ec2_sharing *s, struct err *e)
{
    const struct ec2_permission *p = s->permissions.items;

    for (size_t i = 0; i < s->permissions.count; i++)
        if (!p[i].account && !p[i].group)
            return err_set(e, ERR_SERVICE, 0, "the answer of EC2 has a "
                           "permission of nobody");
    return 0;
}

int ec2_parse_sharing(const char *xml, size_t n, struct ec2_sharing *out,
                      struct err *e)
{
    autofree char *next = NULL;
    struct xmllist l;
    int r = xmllist_read(&sharing, xml, n, &l, &next, e);

    memset(out, 0, sizeof(*out));
    if (r == 0) {
        *out = *(const struct ec2_sharing *)l.items;
        l.count = 0;
    }
    xmllist_free(&sharing, &l);
    if (r < 0 || check_told(xml, n, e) < 0)
        return -1;
    return check_permissions(out, e);
}

void ec2_sharing_free(struct ec2_sharing *s)
{
    xmllist_free_item(&sharing, s);
}
