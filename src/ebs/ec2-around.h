/* SPDX-License-Identifier: Apache-2.0 */
/* What EC2 says about the things around a snapshot: volumes, instances and
 * machine images.  Pure.
 *
 * The requests use filters, not ids: for a thing that is gone EC2 answers a
 * filter with an empty list and an id with an error.  Texts are as EC2 sent
 * them, NULL when it said nothing. */
#ifndef EBSIMG_EBS_EC2_AROUND_H
#define EBSIMG_EBS_EC2_AROUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "aws/aws.h"
#include "base/err.h"
#include "ebs/ec2-request.h"
#include "ebs/xmllist.h"

struct ec2_attachment {
    char *instance_id;
    char *device;
};

struct ec2_volume {
    char *id;
    char *snapshot_id;        /* what it was made from, or "" */
    char *source_volume_id;   /* what it is a clone of */
    char *status;
    char *create_time;
    uint64_t gib;
    struct xml_flag encrypted;
    struct xmllist attachments; /* struct ec2_attachment */
};

struct ec2_device {
    char *name;               /* /dev/sda1 */
    char *volume_id;          /* of an instance; NULL: not EBS */
    char *snapshot_id;        /* of a machine image; the same */
};

struct ec2_instance {
    char *id;
    char *image_id;
    char *state;
    struct xmllist devices;   /* struct ec2_device */
};

struct ec2_image {
    char *id;
    char *name;
    char *owner_id;
    char *source_instance_id;
    char *source_image_id;
    char *source_image_region;
    struct xmllist devices;   /* struct ec2_device */
};

/* One volume or instance by its id; the machine images that were made with
 * one of `n' snapshots (at most EC2_FILTER_VALUES), deprecated ones too. */
void ec2_describe_volume(struct call *c, const char *id);
void ec2_describe_instance(struct call *c, const char *id);
void ec2_describe_images(struct call *c, const char *const *snapshots,
                         size_t n, const char *next);

/* As ec2_parse_snapshots(). */
int ec2_parse_volumes(const char *xml, size_t n, struct xmllist *out,
                      char **next, struct err *e);
int ec2_parse_instances(const char *xml, size_t n, struct xmllist *out,
                        char **next, struct err *e);
int ec2_parse_images(const char *xml, size_t n, struct xmllist *out,
                     char **next, struct err *e);
void ec2_volumes_free(struct xmllist *l);
void ec2_instances_free(struct xmllist *l);
void ec2_images_free(struct xmllist *l);

#endif
