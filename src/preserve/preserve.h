/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg snapshot': snapshots of a volume, or of all volumes of an
 * instance at one moment, for who has none yet.  The only room that changes
 * something in an account; it deletes nothing. */
#ifndef EBSIMG_PRESERVE_PRESERVE_H
#define EBSIMG_PRESERVE_PRESERVE_H

#include <stdbool.h>

#include "base/option.h"
#include "fetch/service.h"

struct preserve_options {
    struct service_options service;
    const char *case_number, *evidence_number, *examiner, *description;
    struct option_list tags;      /* KEY=VALUE */
    const char *log;              /* NULL: TARGET-TIME.snapshot.jsonl, here */
    const char *price;            /* USD a GiB and month */
    uint64_t wait;                /* seconds; 0: not at all */
    bool yes, json;
};

/* ERR_USAGE names the option. */
int preserve_check(const struct preserve_options *o, struct err *e);

/* `target' is the id of a volume or an instance.  The exit status: 1 when the
 * snapshots are made and something is not as it should be (they are not done
 * yet, or there are more than were wanted); or -1.  What was made stands in
 * the log and on the terminal however it ends. */
int preserve_run(const struct preserve_options *o, const char *target,
                 struct err *e);

#endif
