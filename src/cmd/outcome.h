/* How an acquisition ended, in one word: for the log, the summary, the exit
 * status, and for verify, which reads the word back. */
#ifndef EBSIMG_CMD_OUTCOME_H
#define EBSIMG_CMD_OUTCOME_H

#include "base/err.h"

enum outcome {
    OUTCOME_COMPLETE,
    OUTCOME_UNREADABLE, /* complete, but for blocks that could not be read */
    OUTCOME_DOUBT,      /* complete as far as the service's list goes, but
                         * EC2 counts more or fewer blocks than it listed, or
                         * a second list is another one */
    OUTCOME_LISTED,     /* complete, if EBS has listed every change since the
                         * earlier image that blocks were taken from */
    OUTCOME_FAILED,
    OUTCOME_INTERRUPTED,
};

const char *outcome_name(enum outcome o);     /* "complete", ... */
/* Of a run that ended with this error. */
enum outcome outcome_of_failure(const struct err *why);
int outcome_parse(const char *name, enum outcome *o); /* -1: none of them */
const char *outcome_headline(enum outcome o); /* "COMPLETE", ... */
int outcome_status(enum outcome o, const struct err *why);

#endif
