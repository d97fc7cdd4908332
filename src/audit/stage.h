/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a run, PREFIX.*, kept in the folder PREFIX.partial until all
 * of them are whole, checked and on the disk; only then do they get their
 * final names.  What exists is never replaced, and a folder that is left
 * behind tells that a run did not finish.
 *
 * In the folder are also files that the run needs for itself and that never
 * get a final name: the lock that keeps a second run out (see base/lock.h),
 * the checkpoints, the chunk list.
 *
 * Both folders are held (base/folder.h).  PREFIX.partial is for its owner
 * alone; one in which somebody else could write is not gone on with. */
#ifndef EBSIMG_AUDIT_STAGE_H
#define EBSIMG_AUDIT_STAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/filesystem.h"

struct stage;

/* The name of each file of a run, those for a moment included, is one that a
 * file system takes, even with `more' bytes behind the prefix: else ERR_USAGE.
 * Looks at no file. */
int stage_check_length(const char *prefix, size_t more, struct err *e);

/* Fails with ERR_DEST when an earlier run's files or its partial folder are
 * there (naming them), or when the folder cannot be made. */
struct stage *stage_open(const char *prefix, struct err *e);

/* The stage of a run that did not finish.  ERR_USAGE when there is none, or
 * nothing in it to go on with; ERR_DEST when a run is at work there, or when
 * another user could change what is in it. */
struct stage *stage_reopen(const char *prefix, struct err *e);

/* What a run with this prefix has left. */
enum stage_left {
    STAGE_NOTHING,
    STAGE_VOID,       /* a folder, and nothing in it to go on with */
    STAGE_UNFINISHED, /* stage_reopen() goes on with it */
    STAGE_FINISHED,   /* its files have their names */
};

int stage_look(const char *prefix, enum stage_left *out, struct err *e);
/* Removes the folder, if there is one, that was found to be void, or to be
 * left of a run that is finished; ERR_DEST when a run is at work there, or
 * somebody has put files of his own into it. */
int stage_remove_void(const char *prefix, struct err *e);

/* What stage_open() checks: no file has a final name yet. */
int stage_check_free(const struct stage *s, struct err *e);

/* Its suffix, and those of the files for the run itself. */
#define STAGE_FOLDER ".partial"
#define STAGE_LOCK ".lock"
#define STAGE_CHECKPOINT ".checkpoint"
#define STAGE_CHECKPOINT_NEW ".checkpoint.new" /* before its first line is
                                                * on the disk */
#define STAGE_CHUNKS ".chunks"
#define STAGE_STREAMED ".streamed" /* empty: the image went to standard output,
                                   * so that there are no checkpoints */
#define STAGE_PROBE ".probe" /* for a moment, to learn what can be done */

/* "PREFIX.partial/NAME" followed by `suffix'; the caller frees it. */
char *stage_path(const struct stage *s, const char *suffix);
/* "PREFIX" followed by `suffix': where it will be in the end. */
char *stage_final(const struct stage *s, const char *suffix);
const char *stage_folder(const struct stage *s);

const struct filesystem *stage_filesystem(const struct stage *s);
/* ... where the final names will be. */
bool stage_others_may_write(const struct stage *s);

/* The names (without folder) of all files of the run in the stage that are
 * to get a final name, sorted, ended by NULL; the caller frees them with
 * stage_names_free(). */
char **stage_names(const struct stage *s, struct err *e);
void stage_names_free(char **names);

/* Removes this file of the run, if it is there. */
int stage_remove(const struct stage *s, const char *suffix, struct err *e);
/* Whoever finds the folder is told that its run cannot be gone on with, and
 * why: STAGE_STREAMED. */
int stage_mark_streamed(const struct stage *s, struct err *e);
/* -1 when the folder is not where it was made: somebody may have moved it
 * away, and another run may have made one of the same name. */
int stage_check(const struct stage *s, struct err *e);
/* That, and all names are on the disk, also that of the folder. */
int stage_sync(const struct stage *s, struct err *e);

/* Gives every file its final name and removes the folder, unless somebody has
 * put files of his own there.  `last' is the suffix of the file that moves
 * last, when the others are durable under their names.  When it fails, what
 * had moved is taken back; it may be done once more then, also when it was
 * killed.  Fails too when the folder is not the one that was opened. */
int stage_publish(struct stage *s, const char *last, struct err *e);

/* Of a run that died in the middle of that: the file with this suffix goes
 * back into the folder, if it has its final name; "" and names that no run
 * gives do nothing.  ERR_DEST when another file has taken either name. */
int stage_take_back(const struct stage *s, const char *suffix,
                    struct err *e);

/* Removes the folder and what was put into it: for a run that ended before
 * there was anything worth keeping. */
void stage_discard(struct stage *s);

void stage_free(struct stage *s); /* leaves the files alone; NULL is fine */

#endif
