/* SPDX-License-Identifier: Apache-2.0 */
/* A case under way: for the files of this folder that make its images. */
#ifndef EBSIMG_CASE_SERIES_PRIVATE_H
#define EBSIMG_CASE_SERIES_PRIVATE_H

#include "case/case-log.h"
#include "case/series.h"

struct series {
    const struct acquire_options *opt;
    const char *prefix;
    struct case_log log;
    bool goes_on;             /* with a chain that did not finish */
    char *last;               /* prefix of the newest good image, or NULL */
    size_t made, failed;
    int status;               /* the worst so far */
    struct err first;         /* why the first one failed */
};

/* What there is of an image already.  1: it is whole, and is taken; 0: it is
 * to be made, or gone on with (*rest). */
int series_look(struct series *s, struct case_member *m, char **prefix,
                bool *rest, struct err *e);
/* What became of an image: for the case log.  -1 with `why', when there is
 * none. */
int series_settle(struct series *s, struct case_member *m, char **prefix,
                  bool rest, const struct result *res, const struct err *why,
                  struct err *e);
/* An image was not made.  -1: no other one can be, for the same reason. */
int series_note_failure(struct series *s, const struct err *why,
                        struct err *e);

/* at-once.c: the images of a case that are not built upon each other. */
int series_make_at_once(struct series *s, struct err *e);

#endif
