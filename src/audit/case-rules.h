/* SPDX-License-Identifier: Apache-2.0 */
/* What the case log of a chain that this program wrote holds, whatever befell
 * the chain: a log with an unbroken chain may be that of a single run, or have
 * been put together by somebody.  The facts are those of case/case-log.c, which
 * writes it, and of doc/log-format.md.  One thread. */
#ifndef EBSIMG_AUDIT_CASE_RULES_H
#define EBSIMG_AUDIT_CASE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/err.h"

struct case_rules_member;

struct case_rules {
    char wrong[256];          /* the first rule that is broken, with its line;
                               * "": none is */
    uint64_t line;            /* so many events were seen */
    bool complete;            /* all members that there are were told */
    bool ended, resumed;
    uint64_t expected;        /* members */
    struct case_rules_member *members;
    size_t count;
};

/* From all zeros.  Each event in order; -1 when there is no memory: a rule that
 * is broken is no error. */
int case_rules_event(struct case_rules *r, const cJSON *event, struct err *e);
void case_rules_free(struct case_rules *r);

#endif
