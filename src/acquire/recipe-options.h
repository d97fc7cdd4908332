/* SPDX-License-Identifier: Apache-2.0 */
/* The options that shape an image, as they stand in a file that a run or a
 * chain is gone on with: the first line of the checkpoints, and the case log.
 * Whoever can write there can write anything.  Pure. */
#ifndef EBSIMG_ACQUIRE_RECIPE_OPTIONS_H
#define EBSIMG_ACQUIRE_RECIPE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "acquire/options.h"
#include "audit/log.h"
#include "base/err.h"

/* Those of the rows that are `kept', each as a member. */
void recipe_add_options(struct record *r, const struct acquire_options *o);
/* Out of an object that was such a record; the texts stay there. */
void recipe_take_options(const cJSON *line, struct acquire_options *o);
/* Can they be what somebody typed? */
bool recipe_options_possible(const struct acquire_options *o);

/* Takes them over into `o', which has the options of the command line.
 * ERR_USAGE when one of these says something else; `where' is for the
 * message. */
int recipe_apply_options(struct acquire_options *o,
                         const struct acquire_options *kept,
                         const char *where, struct err *e);

/* A number, or the word "all" for OPTION_ALL; -1 when it is neither. */
void recipe_add_count(struct record *r, const char *key, uint64_t n);
int recipe_take_count(const cJSON *line, const char *key, uint64_t *n);

/* A member of the line; 0 or NULL when it is no number below 1e15, no text. */
uint64_t recipe_number(const cJSON *line, const char *key);

#endif
