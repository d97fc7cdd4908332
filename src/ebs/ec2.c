/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/ec2.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "base/xml.h"
#include "ebs/ec2-request.h"

/* ---- the requests */

void ec2_describe_snapshot(struct call *c, const char *id)
{
    ec2_begin(c, "DescribeSnapshots");
    call_form(c, "SnapshotId.1", id);
}

/* Without an owner EC2 would go through every public snapshot. */
void ec2_describe_owned(struct call *c, const char *owner,
                        const char *volume, const char *next)
{
    const struct ec2_filter filter = { "volume-id", &volume, 1 };

    ec2_begin(c, "DescribeSnapshots");
    call_form(c, "Owner.1", owner);
    if (volume)
        ec2_add_filter(c, 1, &filter);
    call_form(c, "MaxResults", EC2_SNAPSHOTS_PAGE);
    ec2_add_next(c, next);
}

bool ec2_volume_meaningless(const char *volume_id)
{
    return !volume_id || strncmp(volume_id, "vol-", 4) != 0
        || !volume_id[4]
        || volume_id[4 + strspn(volume_id + 4, "f")] == '\0';
}

/* ---- the answers */

#define VOLUME_GIB_MAX 65536 /* EBS: 64 TiB */

#define ROOT "DescribeSnapshotsResponse"
#define ITEM ROOT "/snapshotSet/item"
#define TAG ITEM "/tagSet/item"

/* EC2 allows 50, and AWS services may add some of their own. */
#define TAGS 200

#define ROW(path, type, member, required) \
    { path, type, offsetof(struct ec2_snapshot, member), required }

static const struct xml_field snapshot_rows[] = {
    ROW(ITEM "/snapshotId", XML_TEXT, id, true),
    ROW(ITEM "/status", XML_TEXT, status, true),
    ROW(ITEM "/volumeSize", XML_NUMBER, volume_gib, true),
    ROW(ITEM "/volumeId", XML_TEXT, volume_id, false),
    ROW(ITEM "/statusMessage", XML_TEXT, status_message, false),
    ROW(ITEM "/startTime", XML_TEXT, start_time, false),
    ROW(ITEM "/completionTime", XML_TEXT, completion_time, false),
    ROW(ITEM "/progress", XML_TEXT, progress, false),
    ROW(ITEM "/ownerId", XML_TEXT, owner_id, false),
    ROW(ITEM "/ownerAlias", XML_TEXT, owner_alias, false),
    ROW(ITEM "/description", XML_TEXT, description, false),
    ROW(ITEM "/encrypted", XML_FLAG, encrypted, false),
    ROW(ITEM "/kmsKeyId", XML_TEXT, kms_key_id, false),
    ROW(ITEM "/dataEncryptionKeyId", XML_TEXT, data_encryption_key_id, false),
    ROW(ITEM "/sseType", XML_TEXT, sse_type, false),
    ROW(ITEM "/storageTier", XML_TEXT, storage_tier, false),
    ROW(ITEM "/transferType", XML_TEXT, transfer_type, false),
    ROW(ITEM "/restoreExpiryTime", XML_TEXT, restore_expiry_time, false),
    ROW(ITEM "/outpostArn", XML_TEXT, outpost_arn, false),
    ROW(ITEM "/availabilityZone", XML_TEXT, availability_zone, false),
    ROW(ITEM "/fullSnapshotSizeInBytes", XML_COUNT, full_size, false),
};

static const struct xml_field tag_rows[] = {
    { TAG "/key", XML_TEXT, offsetof(struct ec2_tag, key), true },
    { TAG "/value", XML_TEXT, offsetof(struct ec2_tag, value), false },
};

#define FIELDS(rows) { rows, sizeof(rows) / sizeof((rows)[0]) }

static const struct xmllist_kind kind = {
    .name = "snapshots",
    .root = ROOT,
    .item = ITEM,
    .fields = FIELDS(snapshot_rows),
    .size = sizeof(struct ec2_snapshot),
    .max = 1000,
    .inner = TAG,
    .inner_fields = FIELDS(tag_rows),
    .inner_size = sizeof(struct ec2_tag),
    .inner_max = TAGS,
    .inner_name = "tags",
    .inner_at = offsetof(struct ec2_snapshot, tag_list),
};

static int fill_values(struct ec2_snapshot *s, struct err *e)
{
    for (size_t i = 0; i < s->ntags; i++) {
        if (!s->tags[i].value)
            s->tags[i].value = strdup("");
        if (!s->tags[i].value)
            return err_nomem(e);
    }
    return 0;
}

int ec2_parse_snapshots(const char *xml, size_t n, struct xmllist *out,
                        char **next, struct err *e)
{
    if (xmllist_read(&kind, xml, n, out, next, e) < 0)
        return -1;
    for (size_t i = 0; i < out->count; i++)
        if (fill_values(ec2_snapshot_at(out, i), e) < 0)
            return -1;
    return 0;
}

void ec2_snapshots_free(struct xmllist *l)
{
    xmllist_free(&kind, l);
}

static int take_only(struct xmllist *l, struct ec2_snapshot *out,
                     struct err *e)
{
    if (l->count == 0)
        return err_set(e, ERR_SOURCE, 0, "EC2 knows no such snapshot here; "
                       "check its id, the region and the account");
    if (l->count > 1)
        return err_set(e, ERR_SERVICE, 0,
                       "the answer of EC2: more than one snapshot");
    *out = *ec2_snapshot_at(l, 0);
    memset(l->items, 0, sizeof(*out));
    return 0;
}

/* 0 would be taken for a size that was not told, and more has no volume. */
static int check_volume(const struct ec2_snapshot *s, struct err *e)
{
    if (s->volume_gib > 0 && s->volume_gib <= VOLUME_GIB_MAX)
        return 0;
    return err_set(e, ERR_SERVICE, 0, "the answer of EC2 makes no sense: a "
                   "volume of %" PRIu64 " GiB", s->volume_gib);
}

int ec2_parse_snapshot(const char *xml, size_t n, struct ec2_snapshot *out,
                       struct err *e)
{
    autofree char *next = NULL;
    struct xmllist l;
    int r;

    memset(out, 0, sizeof(*out));
    r = ec2_parse_snapshots(xml, n, &l, &next, e);
    if (r == 0)
        r = take_only(&l, out, e) < 0 ? -1 : check_volume(out, e);
    ec2_snapshots_free(&l);
    return r;
}

void ec2_snapshot_free(struct ec2_snapshot *s)
{
    xmllist_free_item(&kind, s);
}

/* ---- the decision */

/* A remedy with "aws ec2" in it is a command; the id follows. */
struct state {
    const char *name;
    const char *what;   /* NULL: it can be read */
    const char *remedy;
};

static const struct state statuses[] = {
    { "completed", NULL, NULL },
    { "pending", "is still being made",
      "wait for it: aws ec2 wait snapshot-completed --snapshot-ids" },
    { "error", "has failed, EC2 says, and cannot be read",
      "take another snapshot of the volume" },
    { "recoverable", "is in the Recycle Bin",
      "restore it: aws ec2 restore-snapshot-from-recycle-bin "
      "--snapshot-id" },
    { "recovering", "is being restored from the Recycle Bin",
      "wait for it: aws ec2 wait snapshot-completed --snapshot-ids" },
    { NULL, "has a status that this program does not know",
      "only completed snapshots can be read" },
};

/* EC2 leaves the tier out where there is only one. */
static const struct state tiers[] = {
    { "", NULL, NULL },
    { "standard", NULL, NULL },
    { "archive", "is archived and cannot be read from there",
      "restore it, which can take three days: aws ec2 "
      "restore-snapshot-tier --permanent-restore --snapshot-id" },
    { NULL, "is in a storage tier that this program does not know",
      "only snapshots in the standard tier can be read" },
};

static const struct state *find(const struct state *rows, const char *name)
{
    while (rows->name && strcmp(rows->name, name) != 0)
        rows++;
    return rows;
}

static bool is_command(const char *remedy)
{
    return strstr(remedy, "aws ec2 ") != NULL;
}

/* "snapshot ID WHAT (DETAIL); REMEDY"; the detail is EC2's, so escaped. */
static int unusable(const char *id, const struct state *row,
                    const char *detail, struct err *e)
{
    autotext struct text shown = TEXT_INIT;

    if (detail && *detail) {
        text_add(&shown, " (");
        text_add_shown(&shown, detail);
        text_add(&shown, ")");
    }
    if (shown.failed)
        return err_nomem(e);
    return err_set(e, ERR_SOURCE, 0, "snapshot %s %s%.300s; %s%s%s", id,
                   row->what, shown.s ? shown.s : "", row->remedy,
                   is_command(row->remedy) ? " " : "",
                   is_command(row->remedy) ? id : "");
}

static const char *status_detail(const struct ec2_snapshot *s,
                                 const struct state *row)
{
    if (!row->name)
        return s->status;
    return strcmp(row->name, "error") == 0 ? s->status_message : s->progress;
}

int ec2_snapshot_usable(const struct ec2_snapshot *s, const char *asked,
                        struct err *e)
{
    static const struct state outpost = {
        "", "is on an Outpost, where the EBS direct APIs cannot read it",
        "make an image on an instance of that Outpost instead",
    };
    static const struct state other = {
        "", "was asked for, and EC2 answered about another one",
        "check the endpoint",
    };
    const struct state *status = find(statuses, s->status);
    const char *tier_name = s->storage_tier ? s->storage_tier : "";
    const struct state *tier = find(tiers, tier_name);

    if (strcmp(s->id, asked) != 0)
        return unusable(asked, &other, s->id, e);
    if (status->what)
        return unusable(asked, status, status_detail(s, status), e);
    if (tier->what)
        return unusable(asked, tier, tier->name ? NULL : tier_name, e);
    if (s->outpost_arn && *s->outpost_arn)
        return unusable(asked, &outpost, s->outpost_arn, e);
    return 0;
}
