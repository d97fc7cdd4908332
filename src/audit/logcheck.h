/* SPDX-License-Identifier: Apache-2.0 */
/* Reads an acquisition log and checks its chain. */
#ifndef EBSIMG_AUDIT_LOGCHECK_H
#define EBSIMG_AUDIT_LOGCHECK_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "audit/log.h"
#include "base/err.h"

struct logcheck {
    uint64_t events;
    uint64_t size;          /* bytes of their lines, as they were written */
    uint64_t taken;         /* of the file: more with other line ends */
    bool closed;            /* the last event is "end" */
    bool line_ends;         /* logcheck_read(): of another system */
    unsigned char head[LOG_HASH];
};

/* Walks the log from the first line.  `each' (may be NULL) sees every event
 * in order and returns -1 to stop with its own error; *out tells then how
 * far the log is good before that event, and in the end, whatever is
 * returned, how far it is good at all.  A line that is not
 * JSON, a sequence number or `prev' that does not fit, or a last line
 * without its newline is ERR_VERIFY and names the line.  A file that cannot
 * be read is ERR_USAGE; a signal ends it with ERR_INTERRUPTED.  A line has at
 * most LOG_LINE_MAX bytes and an object in it 256 members; memory is flat,
 * whatever the length of the log.  Line ends of another system are
 * ERR_VERIFY: a log that is gone on with is as it was written. */
int logcheck_run(const char *path,
                 int (*each)(void *ctx, const cJSON *event, struct err *e),
                 void *ctx, struct logcheck *out, struct err *e);

/* The same of a copy to look at: a CR before the end of a line came on the way
 * (a line of ours has none), and is no part of the chain. */
int logcheck_read(const char *path,
                  int (*each)(void *ctx, const cJSON *event, struct err *e),
                  void *ctx, struct logcheck *out, struct err *e);

/* What stands behind the `size' good bytes of a log of which `why' says that
 * its next line is bad: 0 and *cut when it is part of a line, which a run that
 * died leaves; whole lines are something else: *e is then `why'. */
int logcheck_rest(int fd, const char *path, uint64_t size,
                  const struct err *why, uint64_t *cut, struct err *e);

#endif
