/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg preflight': is all there that another command needs?
 * Nothing is changed: questions are asked, and a file in the output folder is
 * written and removed. */
#ifndef EBSIMG_PREFLIGHT_PREFLIGHT_H
#define EBSIMG_PREFLIGHT_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>

#include "fetch/choice.h"
#include "fetch/service.h"
#include "policy/policy.h"

struct preflight_options {
    struct service_options service;
    struct target_choice which;
    const char *output;       /* PREFIX, or NULL: no folder is looked at */
    const char *since;
    bool chain, json;
};

/* More snapshots than anybody reads a table of. */
#define PREFLIGHT_TARGETS_MAX 64

/* Asks, and shows the table.  `w' has passed policy_check(); its command asks
 * AWS something.  The exit status: 1 when something is missing that a run can
 * do without; or -1: what is shown prevents a run. */
int preflight_try(const struct preflight_options *opt,
                  const struct policy_wish *w, struct err *e);

#endif
