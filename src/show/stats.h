/* SPDX-License-Identifier: Apache-2.0 */
/* Where the time of a run went, so that a person sees what it waits for. */
#ifndef EBSIMG_SHOW_STATS_H
#define EBSIMG_SHOW_STATS_H

#include "aws/aws.h"
#include "base/text.h"
#include "flow/pipeline.h"

struct stats {
    struct pipeline_times times;
    uint64_t before, after;     /* ns of the run around them: questions, what
                                 * is read back; digests of files, checks */
    struct window_counts slots; /* as they are now; unknown at the end */
    bool network;               /* the source was the service: */
    struct aws_counts service;
    uint64_t rate;              /* requests a second that are allowed */
};

/* What holds the run up, in a few words ("the network"), judged by what has
 * happened since `before'. */
const char *stats_waits_for(const struct stats *before,
                            const struct stats *now);

/* Of one run after the other. */
void stats_add(struct stats *sum, const struct pipeline_times *more);

/* A paragraph of lines, and the value of a JSON member. */
void stats_text(const struct stats *s, struct text *t);
void stats_json(const struct stats *s, struct text *t);

#endif
