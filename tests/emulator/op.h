/* SPDX-License-Identifier: Apache-2.0 */
/* The operations of the service: how a request is recognised as one, and
 * what answers it. */
#ifndef EMULATOR_OP_H
#define EMULATOR_OP_H

#include <stdint.h>

struct request;

enum op_id {
    OP_LIST,
    OP_CHANGED,
    OP_GET,
    OP_START,
    OP_PUT,
    OP_COMPLETE,
    OP_SNAPSHOTS,
    OP_VOLUMES,
    OP_INSTANCES,
    OP_IMAGES,
    OP_DELETE,
    OP_LOCKS,
    OP_TIERS,
    OP_SHARING,
    OP_REGIONS,
    OP_CREATE,
    OP_CREATE_ALL,
    OP_COPY,
    OP_IDENTITY,
    OP_ASSUME,
    OP_ASSUME_WEB,
    OP_UNKNOWN,
};

#define OP_BIT(id) (1u << (id))
#define OP_EBS                                                            \
    (OP_BIT(OP_LIST) | OP_BIT(OP_CHANGED) | OP_BIT(OP_GET) |              \
     OP_BIT(OP_START) | OP_BIT(OP_PUT) | OP_BIT(OP_COMPLETE))
#define OP_EC2                                                            \
    (OP_BIT(OP_SNAPSHOTS) | OP_BIT(OP_VOLUMES) | OP_BIT(OP_INSTANCES) |   \
     OP_BIT(OP_IMAGES) | OP_BIT(OP_DELETE) | OP_BIT(OP_LOCKS) |          \
     OP_BIT(OP_TIERS) | OP_BIT(OP_SHARING) | OP_BIT(OP_REGIONS) |         \
     OP_BIT(OP_CREATE) | OP_BIT(OP_CREATE_ALL) | OP_BIT(OP_COPY))
#define OP_STS                                                            \
    (OP_BIT(OP_IDENTITY) | OP_BIT(OP_ASSUME) | OP_BIT(OP_ASSUME_WEB))

enum family { FAMILY_EBS, FAMILY_EC2, FAMILY_STS };

struct op {
    enum op_id id;
    enum family family;
    const char *event;   /* its name in CloudTrail, and of the Action */
    const char *method;  /* NULL: the Action decides */
    const char *path;    /* '$' stands for a snapshot id, '#' for an index */
    const char *id_name; /* what the journal calls the snapshot id */
    void (*serve)(struct request *r); /* fills r->answer */
};

/* Recognises the request and fills r->op and the parts of its path; the
 * unknown operation when nothing fits. */
void op_find(struct request *r);

/* ebs, ec2, sts: as the signature names it. */
const char *op_service(const struct op *op);

/* The operations; each expects a request with a good signature. */
void op_list(struct request *r);
void op_changed(struct request *r);
void op_get(struct request *r);
void op_start(struct request *r);
void op_put(struct request *r);
void op_complete(struct request *r);
void ec2_snapshots(struct request *r);
void ec2_volumes(struct request *r);
void ec2_instances(struct request *r);
void ec2_images(struct request *r);
void ec2_delete(struct request *r);
void ec2_locks(struct request *r);
void ec2_tiers(struct request *r);
void ec2_sharing(struct request *r);
void ec2_regions(struct request *r);
void ec2_create(struct request *r);
void ec2_create_all(struct request *r);
void ec2_copy(struct request *r);
void sts_identity(struct request *r);
void sts_assume(struct request *r);
void sts_assume_web(struct request *r);

#endif
