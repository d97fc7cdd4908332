/* SPDX-License-Identifier: Apache-2.0 */
/* What can be learned about snapshots with list calls alone, one call after
 * another on the caller's thread: which blocks a snapshot stores, and which
 * EBS lists as changed between two. */
#ifndef EBSIMG_FETCH_SURVEY_H
#define EBSIMG_FETCH_SURVEY_H

#include <signal.h>
#include <stdint.h>

#include "aws/aws.h"
#include "base/err.h"
#include "fetch/delta.h"
#include "flow/blockset.h"

struct survey {
    struct aws *aws;
    struct call *call;
    const volatile sig_atomic_t *stop;
    uint64_t calls;               /* made so far */
};

/* The stored blocks in *set, which the caller frees, and the size of the
 * volume.  ERR_SERVICE when the list makes no sense, whatever is tried. */
int survey_stored(struct survey *s, const char *snapshot,
                  struct blockset **set, uint64_t *gib, struct err *e);

/* The same, where nothing else vouches for the list: it is asked for twice.
 * ERR_SERVICE when the second one is another one. */
int survey_stored_twice(struct survey *s, const char *snapshot,
                        struct blockset **set, uint64_t *gib, struct err *e);

/* Fills in d->listed, d->first and d->second, with room for `blocks', which
 * must be the size of both volumes; d->a and d->b must be there.  A pair that
 * EBS calls unrelated is ERR_SOURCE, and MEANS_UNRELATED. */
int survey_changed(struct survey *s, const char *a, const char *b,
                   uint64_t blocks, struct delta *d, struct err *e);

#endif
