/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/outcome.h"

#include <string.h>

static const struct {
    const char *name;
    const char *headline;
    int status;
} outcomes[] = {
    [OUTCOME_COMPLETE] = { "complete", "COMPLETE", 0 },
    [OUTCOME_LISTED] = { "complete-by-list",
                         "COMPLETE BY EBS'S LIST OF CHANGES", 1 },
    [OUTCOME_UNREADABLE] = { "complete-with-unreadable",
                             "COMPLETE WITH UNREADABLE RANGES", 1 },
    [OUTCOME_UNCHECKED] = { "complete-list-unchecked",
                            "COMPLETE, BUT ITS LIST OF BLOCKS COULD NOT BE "
                            "CHECKED", 1 },
    [OUTCOME_UNPROVED] = { "complete-sessions-unchecked",
                           "COMPLETE, BUT WHETHER ITS SESSIONS READ THE SAME "
                           "DISK COULD NOT BE CHECKED", 1 },
    [OUTCOME_DOUBT] = { "complete-with-doubt",
                        "COMPLETE, BUT THE SERVICE CONTRADICTS ITSELF", 1 },
    [OUTCOME_FAILED] = { "failed", "FAILED", -1 },
    [OUTCOME_INTERRUPTED] = { "interrupted", "INTERRUPTED", -1 },
};

const char *outcome_name(enum outcome o)
{
    return outcomes[o].name;
}

enum outcome outcome_of_failure(const struct err *why)
{
    return why->kind == ERR_INTERRUPTED ? OUTCOME_INTERRUPTED
                                        : OUTCOME_FAILED;
}

int outcome_parse(const char *name, enum outcome *o)
{
    for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        if (strcmp(outcomes[i].name, name) == 0) {
            *o = (enum outcome)i;
            return 0;
        }
    }
    return -1;
}

bool outcome_is_good(enum outcome o)
{
    return o < OUTCOME_FAILED;
}

const char *outcome_headline(enum outcome o)
{
    return outcomes[o].headline;
}

int outcome_status(enum outcome o, const struct err *why)
{
    return outcomes[o].status >= 0 ? outcomes[o].status
                                   : err_exit_status(why->kind);
}
