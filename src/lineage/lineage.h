/* SPDX-License-Identifier: Apache-2.0 */
/* Where snapshots come from, as far as it can be known: a graph of things
 * (snapshots, volumes, instances, machine images) and of links between them,
 * each with the proof it rests on and a grade.  Pure: facts go in, links come
 * out; who asks for the facts is somebody else.
 *
 * No API of AWS names the parent of a snapshot.  So no link here says
 * "parent": it says what is known and how.  A snapshot needs none of this to
 * be read: its own list of blocks is complete, whatever came before it. */
#ifndef EBSIMG_LINEAGE_LINEAGE_H
#define EBSIMG_LINEAGE_LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/names.h"
#include "base/resource.h"
#include "ebs/ec2-around.h"
#include "ebs/ec2.h"
#include "trail/cloudtrail.h"

/* Read it as "FROM relation TO". */
enum lineage_relation {
    LINEAGE_TAKEN_OF,      /* a snapshot of a volume */
    LINEAGE_FOLLOWS,       /* the next one of the volume that is left */
    LINEAGE_MADE_FROM,     /* a volume of a snapshot */
    LINEAGE_CLONE_OF,      /* a volume of a volume */
    LINEAGE_COPY_OF,       /* a snapshot of a snapshot */
    LINEAGE_UPLOADED_ON,   /* a snapshot on top of its declared parent */
    LINEAGE_ATTACHED_TO,   /* a volume to an instance */
    LINEAGE_LAUNCHED_FROM, /* an instance of an image */
    LINEAGE_IMAGE_OF,      /* an image of an instance */
    LINEAGE_USES,          /* an image has the snapshot as a device */
    LINEAGE_MADE_FOR,      /* a snapshot for an image */
    LINEAGE_COMPARABLE,    /* EBS compares the two snapshots */
    LINEAGE_UNRELATED,     /* EBS says that they are unrelated */
    LINEAGE_NAMES,         /* a text of the snapshot names it */
    LINEAGE_RELATIONS,
};

enum lineage_proof {
    PROOF_VOLUME_ID,       /* EC2 records of which volume it was taken */
    PROOF_ORDER,           /* ... and when, of both */
    PROOF_ORIGIN,          /* ... and what the volume was made from */
    PROOF_ATTACHMENT,
    PROOF_INSTANCE,        /* the instance's record */
    PROOF_MAPPING,         /* the image's block device mapping */
    PROOF_IMAGE,           /* the image's record */
    PROOF_CHANGED_BLOCKS,  /* ListChangedBlocks answered */
    PROOF_CLOUDTRAIL,
    PROOF_LOG_ORDER,       /* as PROOF_ORDER, one of it by CloudTrail */
    PROOF_DESCRIPTION,
    PROOF_TAG,
    PROOFS,
};

enum lineage_grade {
    GRADE_RECORDED,        /* AWS recorded it itself */
    GRADE_RELATED,         /* related, the direction is not known */
    GRADE_UNRELATED,
    GRADE_LOG,             /* as good as the CloudTrail file it is from */
    GRADE_HINT,            /* text that anybody could write */
    GRADES,
};

struct lineage_link {
    size_t from, to;                 /* nodes */
    enum lineage_relation relation;
    enum lineage_proof proof;
    char *detail;                    /* may be NULL; hostile: escape it */
    char *key;                       /* all of it as a text; private */
};

enum lineage_state {
    LINEAGE_NAMED,         /* something names it; it was not asked for */
    LINEAGE_KNOWN,         /* EC2 described it */
    LINEAGE_GONE,          /* EC2 was asked, and does not know it */
    LINEAGE_ELSEWHERE,     /* in another region, so not asked for */
    LINEAGE_REFUSED,       /* the question was refused or failed */
};

/* Texts may be NULL, and are hostile but for the id. */
struct lineage_node {
    char id[RESOURCE_ROOM];
    enum resource kind;
    enum lineage_state state;
    bool wanted;           /* part of the line that is being followed */
    char *region;          /* when ELSEWHERE */
    char *time;            /* ISO 8601: of the snapshot, of the creation */
    bool time_logged;      /* by CloudTrail, while EC2 tells none */
    bool has_volume;       /* EC2 records of which one; no log counts then */
    char *status;
    char *description;
    char *owner;
    char *key;             /* data encryption key of a snapshot */
    char *device;          /* of an attached volume */
    char *deleted;         /* when, as CloudTrail says */
    uint64_t gib;
    bool usable;           /* a snapshot that can be compared */
    bool looked_up, looked_up_wanted; /* what records say of it; private */
};

/* So many things and links are enough for any line, and few enough to compare
 * each with each. */
#define LINEAGE_NODES_MAX 30000u
#define LINEAGE_LINKS_MAX 60000u

struct lineage {
    struct lineage_node *nodes;
    size_t nnodes;
    struct lineage_link *links;
    size_t nlinks;
    size_t target;
    const char *region;    /* where we ask; "" when not known */
    bool no_memory;        /* checked by lineage_finish() */
    bool full;             /* there was more than it has room for */
    /* Private: nodes by id, links by key, events of a trail by id. */
    struct names ids, keys;
    const struct trail_event *touched;
    struct lineage_touch *touches;
    size_t ntouches;
};

#define LINEAGE_NONE SIZE_MAX

/* `target' is the id of a snapshot, a volume or an instance. */
void lineage_init(struct lineage *l, const char *target, const char *region);
void lineage_free(struct lineage *l);

/* Facts, in any order, each as often as it comes. */
void lineage_add_snapshot(struct lineage *l, const struct ec2_snapshot *s);
void lineage_add_volume(struct lineage *l, const struct ec2_volume *v);
void lineage_add_instance(struct lineage *l, const struct ec2_instance *i);
void lineage_add_image(struct lineage *l, const struct ec2_image *m);
/* What the records say about things that are in the graph already; again, at
 * little cost, after more has come.  The trail must stay.  What EC2 says counts
 * more, before and after. */
void lineage_add_trail(struct lineage *l, const struct trail *t);

enum lineage_answer { ANSWER_COMPARABLE, ANSWER_UNRELATED };
/* ListChangedBlocks was asked about two snapshots.  `changed' blocks were
 * listed, and `more' when the list went on. */
void lineage_add_answer(struct lineage *l, size_t a, size_t b,
                        enum lineage_answer answer, uint64_t changed,
                        bool more);

/* What was asked for and not answered. */
void lineage_set_state(struct lineage *l, const char *id,
                       enum lineage_state state);

/* The line goes on with this node. */
void lineage_want(struct lineage *l, size_t node);

/* The next thing that EC2 should be asked about, or LINEAGE_NONE.  Last come
 * snapshots that a log alone names: nobody else can say that they are gone. */
size_t lineage_next(const struct lineage *l);
size_t lineage_find(const struct lineage *l, const char *id);

/* Puts the snapshots of each volume in order, when nothing is left to ask
 * EC2; again after more facts.  ERR_INTERNAL: no memory for all of it. */
int lineage_finish(struct lineage *l, struct err *e);

/* The link by which EC2 records something else than a CloudTrail record says
 * in this one, or NULL. */
const struct lineage_link *lineage_denied(const struct lineage *l,
                                          const struct lineage_link *k);

/* The snapshots of a volume that are left, oldest first.  *count of them;
 * free() the list.  NULL: no memory. */
size_t *lineage_members(const struct lineage *l, size_t volume,
                        size_t *count);

/* After lineage_finish(): the pairs of snapshots that are worth a question to
 * ListChangedBlocks, best first: a volume's origin and its first snapshot,
 * neighbours, copies and sources.  *count of them; free() the list. */
struct lineage_pair {
    size_t first, second;  /* the older one first, as far as it is known */
};
struct lineage_pair *lineage_pairs(const struct lineage *l, size_t *count);

/* Words for people and for JSON. */
const char *lineage_relation_words(enum lineage_relation r); /* "made from" */
const char *lineage_relation_name(enum lineage_relation r);  /* "made_from" */
const char *lineage_proof_words(enum lineage_proof p);
const char *lineage_proof_name(enum lineage_proof p);
enum lineage_grade lineage_link_grade(const struct lineage_link *k);
const char *lineage_grade_words(enum lineage_grade g);
const char *lineage_grade_name(enum lineage_grade g);
const char *lineage_state_name(enum lineage_state s);

#endif
