/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict of a verification: what is so of the image, what of its record,
 * and what that rests on. */
#ifndef EBSIMG_VERIFY_VERDICT_H
#define EBSIMG_VERIFY_VERDICT_H

#include <cjson/cJSON.h>

#include "base/text.h"
#include "show/stats.h"
#include "verify/findings.h"

struct verify_verdict {
    const char *name;        /* as it was typed */
    bool log;                /* there is one */
    bool log_sound;          /* and nothing speaks against it */
    bool unfinished;         /* it says that the run did not make an image */
    const char *head;        /* of the log, in hex; "" when it has none */
    bool vouched;           /* a case log beside it has that head */
    const char *sealed_by;   /* whose seal of the log holds, by a certificate
                              * that is trusted; or NULL */
    bool head_compared;      /* it is the one that was given */
    bool no_image;           /* only papers */
    bool elsewhere;          /* these say that it went to standard output */
    bool beside_alone;       /* an image was compared with checksum files and
                              * seal alone: the log has nothing of it */
    bool compared;           /* each image had something to be held against */
    uint64_t unreadable;     /* blocks that were so at the acquisition */
    const char *renamed_from; /* what its record calls it; NULL: the same */
    bool apart;              /* some of it has another name than the rest */
    bool recased;            /* names in another case than they were */
    const cJSON *reserves;   /* what the log holds against it, or NULL */
};

/* 0: image and record are intact; 1: so is the image, but something of the
 * record is missing; or there are papers alone, of an image that never was
 * beside them; or the acquisition ended with a reserve (blocks were
 * unreadable, its list was not checked, ...); 7 otherwise. */
int verify_verdict_status(const struct verify_verdict *v,
                          const struct findings *f);

/* The verdict in words, and a newline. */
void verify_verdict_line(const struct verify_verdict *v,
                         const struct findings *f, struct text *t);

/* All findings and the verdict, behind what is in `out'; `stats' too, when it
 * is not NULL.  -1 when there is no memory. */
int verify_verdict_add(const struct verify_verdict *v,
                       const struct findings *f, const struct stats *stats,
                       bool json, bool quiet, struct text *out,
                       struct err *e);

#endif
