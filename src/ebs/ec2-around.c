/* SPDX-License-Identifier: Apache-2.0 */
#include "ebs/ec2-around.h"

#include "ebs/ec2-request.h"

/* ---- the requests */

static void describe_one(struct call *c, const char *action,
                         const char *filter, const char *id)
{
    ec2_begin(c, action);
    ec2_add_filter(c, 1, &(struct ec2_filter){ filter, &id, 1 });
}

void ec2_describe_volume(struct call *c, const char *id)
{
    describe_one(c, "DescribeVolumes", "volume-id", id);
}

void ec2_describe_instance(struct call *c, const char *id)
{
    describe_one(c, "DescribeInstances", "instance-id", id);
}

void ec2_describe_images(struct call *c, const char *const *snapshots,
                         size_t n, const char *next)
{
    const struct ec2_filter filter = { "block-device-mapping.snapshot-id",
                                       snapshots, n };

    ec2_begin(c, "DescribeImages");
    ec2_add_filter(c, 1, &filter);
    call_form(c, "IncludeDeprecated", "true");
    ec2_add_next(c, next);
}

/* ---- the answers */

#define ROWS(rows) { rows, sizeof(rows) / sizeof((rows)[0]) }

#define VOLUME "DescribeVolumesResponse/volumeSet/item"
#define ATTACHMENT VOLUME "/attachmentSet/item"
#define V(path, type, member, required) \
    { VOLUME path, type, offsetof(struct ec2_volume, member), required }
#define A(path, member) \
    { ATTACHMENT path, XML_TEXT, offsetof(struct ec2_attachment, member), \
      false }

static const struct xml_field volume_rows[] = {
    V("/volumeId", XML_TEXT, id, true),
    V("/size", XML_NUMBER, gib, false),
    V("/snapshotId", XML_TEXT, snapshot_id, false),
    V("/sourceVolumeId", XML_TEXT, source_volume_id, false),
    V("/status", XML_TEXT, status, false),
    V("/createTime", XML_TEXT, create_time, false),
    V("/encrypted", XML_FLAG, encrypted, false),
};

static const struct xml_field attachment_rows[] = {
    A("/instanceId", instance_id),
    A("/device", device),
};

static const struct xmllist_kind volumes = {
    .name = "volumes",
    .root = "DescribeVolumesResponse",
    .item = VOLUME,
    .fields = ROWS(volume_rows),
    .size = sizeof(struct ec2_volume),
    .max = 1000,
    .inner = ATTACHMENT,
    .inner_fields = ROWS(attachment_rows),
    .inner_size = sizeof(struct ec2_attachment),
    .inner_max = 100,
    .inner_name = "attachments",
    .inner_at = offsetof(struct ec2_volume, attachments),
};

#define INSTANCE "DescribeInstancesResponse/reservationSet/item/" \
                 "instancesSet/item"
#define INSTANCE_DEVICE INSTANCE "/blockDeviceMapping/item"
#define I(path, member) \
    { INSTANCE path, XML_TEXT, offsetof(struct ec2_instance, member), false }
#define D(path, member) \
    { path, XML_TEXT, offsetof(struct ec2_device, member), false }

static const struct xml_field instance_rows[] = {
    { INSTANCE "/instanceId", XML_TEXT, offsetof(struct ec2_instance, id),
      true },
    I("/imageId", image_id),
    I("/instanceState/name", state),
};

static const struct xml_field instance_device_rows[] = {
    D(INSTANCE_DEVICE "/deviceName", name),
    D(INSTANCE_DEVICE "/ebs/volumeId", volume_id),
};

static const struct xmllist_kind instances = {
    .name = "instances",
    .root = "DescribeInstancesResponse",
    .item = INSTANCE,
    .fields = ROWS(instance_rows),
    .size = sizeof(struct ec2_instance),
    .max = 1000,
    .inner = INSTANCE_DEVICE,
    .inner_fields = ROWS(instance_device_rows),
    .inner_size = sizeof(struct ec2_device),
    .inner_max = 1000,
    .inner_name = "devices",
    .inner_at = offsetof(struct ec2_instance, devices),
};

#define IMAGE "DescribeImagesResponse/imagesSet/item"
#define IMAGE_DEVICE IMAGE "/blockDeviceMapping/item"
#define M(path, member) \
    { IMAGE path, XML_TEXT, offsetof(struct ec2_image, member), false }

static const struct xml_field image_rows[] = {
    { IMAGE "/imageId", XML_TEXT, offsetof(struct ec2_image, id), true },
    M("/name", name),
    M("/imageOwnerId", owner_id),
    M("/sourceInstanceId", source_instance_id),
    M("/sourceImageId", source_image_id),
    M("/sourceImageRegion", source_image_region),
};

static const struct xml_field image_device_rows[] = {
    D(IMAGE_DEVICE "/deviceName", name),
    D(IMAGE_DEVICE "/ebs/snapshotId", snapshot_id),
};

static const struct xmllist_kind images = {
    .name = "images",
    .root = "DescribeImagesResponse",
    .item = IMAGE,
    .fields = ROWS(image_rows),
    .size = sizeof(struct ec2_image),
    .max = 1000,
    .inner = IMAGE_DEVICE,
    .inner_fields = ROWS(image_device_rows),
    .inner_size = sizeof(struct ec2_device),
    .inner_max = 1000,
    .inner_name = "devices",
    .inner_at = offsetof(struct ec2_image, devices),
};

int ec2_parse_volumes(const char *xml, size_t n, struct xmllist *out,
                      char **next, struct err *e)
{
    return xmllist_read(&volumes, xml, n, out, next, e);
}

int ec2_parse_instances(const char *xml, size_t n, struct xmllist *out,
                        char **next, struct err *e)
{
    return xmllist_read(&instances, xml, n, out, next, e);
}

int ec2_parse_images(const char *xml, size_t n, struct xmllist *out,
                     char **next, struct err *e)
{
    return xmllist_read(&images, xml, n, out, next, e);
}

void ec2_volumes_free(struct xmllist *l)
{
    xmllist_free(&volumes, l);
}

void ec2_instances_free(struct xmllist *l)
{
    xmllist_free(&instances, l);
}

void ec2_images_free(struct xmllist *l)
{
    xmllist_free(&images, l);
}
