/* SPDX-License-Identifier: Apache-2.0 */
/* One snapshot: what EC2 says about it, and its blocks.  On disk it is
 * ID.json (this struct) and ID.blocks (see blocks.h). */
#ifndef EMULATOR_SNAPSHOT_H
#define EMULATOR_SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include "blocks.h"
#include "fail.h"

#define SNAPSHOT_ID_ROOM 65
#define SNAPSHOT_TEXT_ROOM 512

struct cJSON;

/* Statuses as EC2 has them; PENDING is also the one before completion. */
enum snapshot_status {
    SNAPSHOT_PENDING,
    SNAPSHOT_COMPLETED,
    SNAPSHOT_ERROR,
    SNAPSHOT_RECOVERABLE, /* in the recycle bin; by a rule only */
    SNAPSHOT_RECOVERING,
};

struct snapshot {
    char id[SNAPSHOT_ID_ROOM];
    char volume[SNAPSHOT_ID_ROOM];
    char parent[SNAPSHOT_ID_ROOM];  /* "", or the snapshot below it */
    char lineage[SNAPSHOT_ID_ROOM]; /* equal: can be compared */
    char origin[SNAPSHOT_ID_ROOM];  /* what its volume was made from, or "" */
    char owner[32];
    char description[SNAPSHOT_TEXT_ROOM];
    char kms_key[SNAPSHOT_TEXT_ROOM];
    char tier[16];
    char problem[64];               /* statusMessage of a failed one, or "" */
    char client_token[SNAPSHOT_TEXT_ROOM];
    char instance[SNAPSHOT_ID_ROOM]; /* where its volume is attached, or "" */
    char image[SNAPSHOT_ID_ROOM];    /* the AMI that uses it, or "" */
    char device[64];
    char region[64];                /* where it is; "": that of the service */
    char shared_with[SNAPSHOT_TEXT_ROOM]; /* accounts, a comma between */
    char lock[24];                  /* governance ..., or "" */
    char lock_until[40];
    char tiering[40];               /* archival-completed ..., or "" */
    char archived[40];              /* times, or "" */
    char restore_expiry[40];
    uint64_t size_gib;
    uint64_t started;   /* ms since 1970 */
    uint64_t completed; /* ms since 1970, may be ahead; 0: not sealed */
    uint64_t timeout;   /* minutes an upload may last; 0: not uploaded */
    uint64_t deleted;   /* ms since 1970; 0: not.  See snapshot_deleted() */
    uint64_t data_file; /* where a pending one puts its blocks */
    uint64_t every;     /* synthetic, see blocks.h; 0: not */
    uint64_t count;     /* synthetic: number of blocks */
    bool encrypted;
    bool is_public;
    bool shared;        /* with the account of the emulator */
    bool volume_gone;   /* the volume was deleted */
    struct cJSON *tags; /* array of {"Key", "Value"}, or NULL */

    struct blocks blocks; /* once it is sealed */
    uint32_t puts;        /* while pending: blocks written.  Writer's lock */
};

struct snapshot *snapshot_new(void);
void snapshot_free(struct snapshot *s);

/* snap- and at least one hexadecimal digit; nothing else gets near a file
 * name. */
bool snapshot_id_valid(const char *id);

/* Prefix and 17 random hexadecimal digits. */
void snapshot_make_id(const char *prefix, char out[SNAPSHOT_ID_ROOM]);

/* The status at a moment: completion lies ahead for a while. */
enum snapshot_status snapshot_status(const struct snapshot *s, int64_t now);
const char *snapshot_status_name(enum snapshot_status status);

/* When it was deleted, 0: not.  What others of its line share with it stays,
 * so it is marked and nothing more.  Any thread. */
static inline uint64_t snapshot_deleted(const struct snapshot *s)
{
    return __atomic_load_n(&s->deleted, __ATOMIC_RELAXED);
}

/* JSON, to be freed by the caller; NULL when memory is out. */
char *snapshot_print(const struct snapshot *s);

/* NULL with a sentence when it is not what snapshot_print() makes. */
struct snapshot *snapshot_parse(const char *json, struct fail *f);

/* False when memory is out or the tag is not K=V. */
bool snapshot_add_tag(struct snapshot *s, const char *key,
                      const char *value);

#endif
