/* SPDX-License-Identifier: Apache-2.0 */
/* Tags as EC2 writes and takes them. */
#ifndef EMULATOR_EC2TAGS_H
#define EMULATOR_EC2TAGS_H

#include <stdbool.h>

struct bytes;
struct request;
struct snapshot;

/* The tagSet; nothing when there are none. */
void ec2tags_print(struct bytes *b, const struct snapshot *s);

/* Those of TagSpecification.N that are for snapshots.  False after making the
 * answer: one that EC2 does not take. */
bool ec2tags_read(struct request *r, struct snapshot *s);

#endif
