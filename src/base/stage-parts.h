/* What stage.c and stage-publish.c share; nobody else includes it. */
#ifndef EBSIMG_BASE_STAGE_PARTS_H
#define EBSIMG_BASE_STAGE_PARTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/stage.h"

struct stage {
    char *prefix;
    char *folder;      /* PREFIX.partial */
    const char *name;  /* last part of the prefix */
    int lock;          /* -1: none */
    dev_t dev;         /* with ino: which folder is ours */
    ino_t ino;
};

/* The three one behind the other; NULL when there is no memory. */
char *stage_join(const char *a, const char *b, const char *c);

/* -1 when the folder is not the one that was opened: somebody may have moved
 * it away, and another run may have made one of the same name. */
int stage_check_folder(const struct stage *s, struct err *e);

/* Would a run with this prefix give this final name? */
bool stage_is_ours(const struct stage *s, const char *file);

/* Removes the files that the run needed for itself. */
int stage_remove_own(const struct stage *s, struct err *e);

#endif
