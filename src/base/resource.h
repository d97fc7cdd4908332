/* SPDX-License-Identifier: Apache-2.0 */
/* The names of things in EC2: "snap-", "vol-", "i-" or "ami-" and hex digits.
 * Pure. */
#ifndef EBSIMG_BASE_RESOURCE_H
#define EBSIMG_BASE_RESOURCE_H

#include <stddef.h>

enum resource {
    RESOURCE_NONE,
    RESOURCE_SNAPSHOT,
    RESOURCE_VOLUME,
    RESOURCE_INSTANCE,
    RESOURCE_IMAGE,
};

#define RESOURCE_ROOM 40 /* of an id with its NUL */

/* What an id names; RESOURCE_NONE when it is NULL or is none. */
enum resource resource_kind(const char *id);

/* The same for an id or its ARN, "arn:aws:ec2:us-east-1::snapshot/snap-...":
 * copies the id, and the ARN's region or "". */
#define REGION_ROOM 64
enum resource resource_read(const char *name, char id[RESOURCE_ROOM],
                            char region[REGION_ROOM]);

/* "snapshot", "volume", "instance", "image". */
const char *resource_name(enum resource kind);

/* The next id in a text from *at on: copies it to `id', moves *at behind it
 * and gives its place in the text, or NULL when there is none.  The text may
 * be anything. */
const char *resource_find(const char **at, char id[RESOURCE_ROOM]);

#endif
