/* SPDX-License-Identifier: Apache-2.0 */
/* What stage.c and stage-*.c share; nobody else includes it. */
#ifndef EBSIMG_AUDIT_STAGE_PRIVATE_H
#define EBSIMG_AUDIT_STAGE_PRIVATE_H

#include <stdbool.h>
#include <sys/types.h>

#include "audit/stage.h"
#include "base/lock.h"
#include "base/private.h"

struct stage {
    char *prefix;
    char *folder;      /* PREFIX.partial */
    const char *name;  /* last part of the prefix */
    struct folder *above; /* where the final names will be; NULL: not there */
    struct private_folder own;
    struct lock lock;
};

/* The three one behind the other; NULL when there is no memory. */
char *stage_join(const char *a, const char *b, const char *c);

/* It has its final name already, as a second one: file_publish() knows file
 * systems where that is a step of its own. */
bool stage_is_published(const struct stage *s, const char *file);

/* That nobody else can change what is in the folder of an earlier run;
 * ERR_DEST says what to do when somebody can. */
int stage_trust(struct stage *s, struct err *e);

/* Would a run with this prefix give this final name? */
bool stage_is_ours(const struct stage *s, const char *file);

/* Removes the files that the run needed for itself.  The lock is given up
 * before its file goes. */
int stage_remove_own(struct stage *s, struct err *e);

/* Gives up the lock and removes the folder when it is empty, or holds nothing
 * but what will be gone in a moment; else it stays: -1 and errno. */
int stage_remove_folder(struct stage *s);

#endif
