/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/origin.h"

#include "aws/endpoint.h"
#include "fetch/fetch.h"

struct origin_facts origin_facts(const struct origin *o)
{
    return (struct origin_facts){
        .partition = endpoint_partition(o->settings.region),
        .region = o->settings.region,
        .endpoint = aws_endpoint(o->aws, AWS_EBS),
        .account = o->caller.account,
        .caller = o->caller.arn,
        .owner = o->facts.owner_id,
        .volume = o->facts.volume_id,
        .start_time = o->facts.start_time,
    };
}

void origin_rest(struct origin *o)
{
    if (o->settings.identity)
        identity_stop(o->settings.identity);
}

void origin_free(struct origin *o)
{
    fetch_free(o->source);
    blockmap_free(o->map);
    aws_free(o->aws);
    ec2_snapshot_free(&o->facts);
    sts_identity_free(&o->caller);
    settings_free(&o->settings);
}
