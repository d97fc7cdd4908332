/* What a run makes, as far as it must stay the same when the run is gone on
 * with: the snapshot, and the options that shape the image and its header.
 * It is the first line of the checkpoints. */
#ifndef EBSIMG_CMD_RECIPE_H
#define EBSIMG_CMD_RECIPE_H

#include <stdint.h>

#include <cjson/cJSON.h>

#include "audit/log.h"
#include "cmd/acquisition.h"

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

#endif
