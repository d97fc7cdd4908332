/* SPDX-License-Identifier: Apache-2.0 */
/* Where the blocks of a run come from, and what was learned of it: whose keys
 * ask which service, what EC2 knows of the snapshot (preflight.c), which
 * blocks it has and how large the volume is (plan.c). */
#ifndef EBSIMG_ACQUIRE_ORIGIN_H
#define EBSIMG_ACQUIRE_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "acquire/origin-facts.h"
#include "aws/aws.h"
#include "ebs/ec2.h"
#include "ebs/sts.h"
#include "fetch/blockmap.h"
#include "flow/source.h"

struct origin {
    const char *snapshot;
    struct settings settings;
    struct aws *aws;
    struct sts_identity caller;
    bool caller_known;
    struct ec2_snapshot facts;
    bool facts_known;
    uint64_t volume_size;     /* as far as it is known: of a run that is gone
                               * on with, what it was begun with */
    struct blockmap *map;
    struct source *source;    /* of the blocks that are still to come */
};

/* What is known of it now; the texts stay in `o'. */
struct origin_facts origin_facts(const struct origin *o);

/* All requests are made: keys are not renewed any more, and none of the hooks
 * of the service is called. */
void origin_rest(struct origin *o);

void origin_free(struct origin *o);

#endif
