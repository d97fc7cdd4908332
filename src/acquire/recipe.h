/* SPDX-License-Identifier: Apache-2.0 */
/* What a run makes, as far as it must stay the same when the run is gone on
 * with: the snapshot, where it comes from, and the options that shape the
 * image and its header.  It is the first line of the checkpoints.  Pure. */
#ifndef EBSIMG_ACQUIRE_RECIPE_H
#define EBSIMG_ACQUIRE_RECIPE_H

#include <stdint.h>

#include <cjson/cJSON.h>

#include "acquire/options.h"
#include "acquire/origin-facts.h"
#include "audit/log.h"
#include "base/err.h"

/* Of one that was read, the line has all the texts. */
struct recipe {
    cJSON *line;
    const char *version;          /* of the program that began the run */
    uint64_t started;             /* wall ns */
    const char *snapshot;
    struct origin_facts origin;
    uint64_t volume_size;
    struct acquire_options options; /* those that are kept; the chunk size that
                                     * was chosen; in `since' the image that is
                                     * built upon, if one is */
};

void recipe_write(const struct recipe *p, struct record *r);

/* The line of an earlier run; `again' is the record that would make it once
 * more.  NULL when it is not such a line (ERR_VERIFY), or one of another form
 * (ERR_USAGE). */
struct recipe *recipe_read(const cJSON *line, struct record *again,
                           struct err *e);
void recipe_free(struct recipe *p); /* NULL is fine */

/* Takes the kept options over into `o', which has those of the command line.
 * ERR_USAGE when one of these says something else; `where' is for the
 * message. */
int recipe_apply(const struct recipe *p, struct acquire_options *o,
                 const char *where, struct err *e);

#endif
