/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a lineage are called. */
#include "lineage/lineage.h"

struct words {
    const char *name;
    const char *words;
};

static const struct words relations[LINEAGE_RELATIONS] = {
    [LINEAGE_TAKEN_OF] = { "taken_of", "taken of" },
    [LINEAGE_FOLLOWS] = { "follows", "next after" },
    [LINEAGE_MADE_FROM] = { "made_from", "made from" },
    [LINEAGE_CLONE_OF] = { "clone_of", "clone of" },
    [LINEAGE_COPY_OF] = { "copy_of", "copy of" },
    [LINEAGE_UPLOADED_ON] = { "uploaded_on", "uploaded on top of" },
    [LINEAGE_ATTACHED_TO] = { "attached_to", "attached to" },
    [LINEAGE_LAUNCHED_FROM] = { "launched_from", "launched from" },
    [LINEAGE_IMAGE_OF] = { "image_of", "image of" },
    [LINEAGE_USES] = { "uses", "has as a device" },
    [LINEAGE_MADE_FOR] = { "made_for", "made for" },
    [LINEAGE_COMPARABLE] = { "comparable", "can be compared with" },
    [LINEAGE_UNRELATED] = { "unrelated", "is unrelated to" },
    [LINEAGE_NAMES] = { "names", "names" },
};

static const struct words proofs[PROOFS] = {
    [PROOF_VOLUME_ID] = { "volume_id",
        "EC2 records the volume of the snapshot" },
    [PROOF_ORDER] = { "volume_id_and_time",
        "EC2 records volume and start time of both" },
    [PROOF_ORIGIN] = { "volume_origin",
        "EC2 records what the volume was made from" },
    [PROOF_ATTACHMENT] = { "attachment",
        "EC2 records the attachment" },
    [PROOF_INSTANCE] = { "instance_record",
        "EC2 records it with the instance" },
    [PROOF_MAPPING] = { "image_mapping",
        "the block device mapping of the image" },
    [PROOF_IMAGE] = { "image_record",
        "EC2 records it with the image" },
    [PROOF_CHANGED_BLOCKS] = { "changed_blocks",
        "the answer of ListChangedBlocks" },
    [PROOF_CLOUDTRAIL] = { "cloudtrail",
        "a CloudTrail record" },
    [PROOF_LOG_ORDER] = { "cloudtrail_order",
        "volume or start time of one is from a CloudTrail record" },
    [PROOF_DESCRIPTION] = { "description",
        "the description, which anybody can write" },
    [PROOF_TAG] = { "tag",
        "a tag, which anybody can write" },
};

static const struct words grades[GRADES] = {
    [GRADE_RECORDED] = { "recorded", "recorded by AWS" },
    [GRADE_RELATED] = { "related", "related, direction unknown" },
    [GRADE_UNRELATED] = { "unrelated", "unrelated" },
    [GRADE_LOG] = { "log", "from a log" },
    [GRADE_HINT] = { "hint", "hint" },
};

const char *lineage_relation_words(enum lineage_relation r)
{
    return relations[r].words;
}

const char *lineage_relation_name(enum lineage_relation r)
{
    return relations[r].name;
}

const char *lineage_proof_words(enum lineage_proof p)
{
    return proofs[p].words;
}

const char *lineage_proof_name(enum lineage_proof p)
{
    return proofs[p].name;
}

enum lineage_grade lineage_link_grade(const struct lineage_link *k)
{
    switch (k->proof) {
    case PROOF_CHANGED_BLOCKS:
        return k->relation == LINEAGE_UNRELATED ? GRADE_UNRELATED
                                                : GRADE_RELATED;
    case PROOF_CLOUDTRAIL:
    case PROOF_LOG_ORDER:
        return GRADE_LOG;
    case PROOF_DESCRIPTION:
    case PROOF_TAG:
        return GRADE_HINT;
    default:
        return GRADE_RECORDED;
    }
}

const char *lineage_grade_words(enum lineage_grade g)
{
    return grades[g].words;
}

const char *lineage_grade_name(enum lineage_grade g)
{
    return grades[g].name;
}

const char *lineage_state_name(enum lineage_state s)
{
    static const char *const names[] = {
        [LINEAGE_NAMED] = "named",         [LINEAGE_KNOWN] = "known",
        [LINEAGE_GONE] = "gone",           [LINEAGE_ELSEWHERE] = "elsewhere",
        [LINEAGE_REFUSED] = "refused",
    };

    return names[s];
}
