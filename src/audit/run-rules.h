/* SPDX-License-Identifier: Apache-2.0 */
/* What an honest log holds, and how its members agree: a table of rules.
 *
 * A rule speaks only when the log tells what it is about, so that the log of
 * an older version, which did not tell everything, breaks none. */
#ifndef EBSIMG_AUDIT_RUN_RULES_H
#define EBSIMG_AUDIT_RUN_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/run-record.h"

struct run_finding {
    uint64_t line;    /* of the log; 0: no line is to blame */
    bool note;        /* it may be so in an honest log, and is worth a word */
    const char *text; /* good during the call */
};

struct run_judge {
    void (*tell)(void *ctx, const struct run_finding *f);
    void *ctx;
};

/* Tells each rule that the record breaks, which must be present. */
void run_rules_check(struct run_record *r, const struct run_judge *j);

/* run-rules-files.c: of the files that the log names. */
void run_rules_check_files(const struct run_record *r,
                           const struct run_judge *j);

/* It says that it ended with an image. */
bool run_rules_good(const struct run_record *r);

#endif
