/* What a run makes, as far as it must stay the same when the run is gone on
 * with: the snapshot, and the options that shape the image and its header.
 * It is the first line of the checkpoints. */
#ifndef EBSIMG_ACQUIRE_RECIPE_H
#define EBSIMG_ACQUIRE_RECIPE_H

#include <stdint.h>

#include <cjson/cJSON.h>

#include "acquire/acquisition.h"
#include "audit/log.h"

/* The line for this run, as far as it is known now. */
void recipe_write(const struct acquisition *a, struct record *r);

/* The line of an earlier run into `a' and into what a->kept holds of its
 * options; `again' is the record that would make the line once more.
 * ERR_VERIFY when it is not such a line. */
int recipe_read(struct acquisition *a, const cJSON *line,
                struct record *again, struct err *e);

/* Takes the kept options over into `o', which has those of the command line.
 * ERR_USAGE when one of these says something else. */
int recipe_apply(struct acquisition *a, struct acquire_options *o,
                 struct err *e);

void recipe_free(struct acquisition *a);

/* The options alone, for the case log of a chain: into a record, out of an
 * object that was such a record (texts stay there), whether they can be what
 * somebody typed, and recipe_apply() for them.  `where' is for the message. */
void recipe_add_options(struct record *r, const struct acquire_options *o);
void recipe_take_options(const cJSON *line, struct acquire_options *o);
bool recipe_options_possible(const struct acquire_options *o);
/* A number, or the word "all" for OPTION_ALL; -1 when it is neither. */
void recipe_add_count(struct record *r, const char *key, uint64_t n);
int recipe_take_count(const cJSON *line, const char *key, uint64_t *n);
int recipe_apply_options(struct acquire_options *o,
                         const struct acquire_options *kept,
                         const char *where, struct err *e);

#endif
