#include "ebs/ec2.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "ebs/xml.h"

/* ---- the request */

void ec2_describe_snapshot(struct call *c, const char *id)
{
    call_reset(c);
    c->service = AWS_EC2;
    c->pace = PACE_NONE;
    c->method = "POST";
    c->into = NULL;
    c->limit = MIB;
    text_add(&c->path, "/");
    call_form(c, "Action", "DescribeSnapshots");
    call_form(c, "Version", "2016-11-15");
    call_form(c, "SnapshotId.1", id);
}

/* ---- the answer */

#define ROOT "DescribeSnapshotsResponse"
#define ITEM ROOT "/snapshotSet/item"
#define TAG ITEM "/tagSet/item"

/* EC2 allows 50, and AWS services may add some of their own. */
#define TAGS 200

#define ROW(path, type, member, required) \
    { path, type, offsetof(struct ec2_snapshot, member), required }

static const struct xml_field snapshot_rows[] = {
    ROW(ROOT "/requestId", XML_TEXT, request_id, false),
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
    ROW(ITEM "/encrypted", XML_BOOL, encrypted, false),
    ROW(ITEM "/kmsKeyId", XML_TEXT, kms_key_id, false),
    ROW(ITEM "/dataEncryptionKeyId", XML_TEXT, data_encryption_key_id, false),
    ROW(ITEM "/sseType", XML_TEXT, sse_type, false),
    ROW(ITEM "/storageTier", XML_TEXT, storage_tier, false),
    ROW(ITEM "/transferType", XML_TEXT, transfer_type, false),
    ROW(ITEM "/restoreExpiryTime", XML_TEXT, restore_expiry_time, false),
    ROW(ITEM "/outpostArn", XML_TEXT, outpost_arn, false),
    ROW(ITEM "/availabilityZone", XML_TEXT, availability_zone, false),
    ROW(ITEM "/fullSnapshotSizeInBytes", XML_NUMBER, full_size, false),
};

static const struct xml_field tag_rows[] = {
    { TAG "/key", XML_TEXT, offsetof(struct ec2_tag, key), true },
    { TAG "/value", XML_TEXT, offsetof(struct ec2_tag, value), false },
};

#define FIELDS(rows) { rows, sizeof(rows) / sizeof((rows)[0]) }
static const struct xml_fields snapshot_fields = FIELDS(snapshot_rows);
static const struct xml_fields tag_fields = FIELDS(tag_rows);

struct parse {
    struct ec2_snapshot *out;
    unsigned roots;       /* elements of that name; the document has one */
    unsigned items;
    uint32_t seen;
    uint32_t tag_seen;
};

static int add_tag(struct parse *p, struct err *e)
{
    struct ec2_snapshot *s = p->out;
    struct ec2_tag *tags;

    if (s->ntags == TAGS)
        return err_set(e, ERR_SERVICE, 0, "more than %d tags", TAGS);
    tags = realloc(s->tags, (s->ntags + 1) * sizeof(*tags));
    if (!tags)
        return err_nomem(e);
    s->tags = tags;
    tags[s->ntags++] = (struct ec2_tag){ 0 };
    p->tag_seen = 0;
    return 0;
}

static int begin(void *ctx, const char *path, struct err *e)
{
    struct parse *p = ctx;

    if (strcmp(path, TAG) == 0)
        return add_tag(p, e);
    if (strcmp(path, ROOT) == 0)
        p->roots++;
    if (strcmp(path, ITEM) == 0 && ++p->items > 1)
        return err_set(e, ERR_SERVICE, 0, "more than one snapshot");
    return 0;
}

static int end_tag(struct parse *p, struct err *e)
{
    struct ec2_tag *tag = &p->out->tags[p->out->ntags - 1];

    if (!tag->value)
        tag->value = strdup("");
    if (!tag->value)
        return err_nomem(e);
    return xml_complete(&tag_fields, p->tag_seen, e);
}

static int end(void *ctx, const char *path, const char *text, struct err *e)
{
    struct parse *p = ctx;
    struct ec2_snapshot *s = p->out;

    if (strcmp(path, TAG) == 0)
        return end_tag(p, e);
    if (s->ntags && xml_store(&tag_fields, &p->tag_seen,
                              &s->tags[s->ntags - 1], path, text, e) < 0)
        return -1;
    return xml_store(&snapshot_fields, &p->seen, s, path, text, e);
}

int ec2_parse_snapshot(const char *xml, size_t n, struct ec2_snapshot *out,
                       struct err *e)
{
    static const struct xml_handler handler = { begin, end };
    struct parse p = { .out = out };

    memset(out, 0, sizeof(*out));
    if (xml_read(xml, n, &handler, &p, e) < 0)
        return err_in(e, "the answer of EC2");
    if (!p.roots)
        return err_set(e, ERR_SERVICE, 0,
                       "the answer of EC2 is not about snapshots");
    if (!p.items)
        return err_set(e, ERR_SOURCE, 0, "EC2 knows no such snapshot here; "
                       "check its id, the region and the account");
    if (xml_complete(&snapshot_fields, p.seen, e) < 0)
        return err_in(e, "the answer of EC2");
    return 0;
}

void ec2_snapshot_free(struct ec2_snapshot *s)
{
    for (size_t i = 0; i < s->ntags; i++)
        xml_free(&tag_fields, &s->tags[i]);
    free(s->tags);
    s->tags = NULL;
    s->ntags = 0;
    xml_free(&snapshot_fields, s);
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
