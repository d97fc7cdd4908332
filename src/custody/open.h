/* SPDX-License-Identifier: Apache-2.0 */
/* The custody log of a set, open to add to it. */
#ifndef EBSIMG_CUSTODY_OPEN_H
#define EBSIMG_CUSTODY_OPEN_H

#include <stdint.h>

#include "audit/evidence.h"
#include "audit/log.h"
#include "base/err.h"
#include "base/text.h"

struct custody_log;

/* Begins one when there is none: its first line binds the log and the manifest
 * of `ev', whose log was read.  What is there is read and must be whole and of
 * that acquisition.  Nobody else can add to it until it is closed. */
struct custody_log *custody_log_open(const struct evidence *ev,
                                     struct err *e);

/* One line, on the disk when this returns.  All of them have the time at which
 * the log was opened. */
int custody_log_write(struct custody_log *l, const char *event,
                      const struct record *r, struct err *e);

uint64_t custody_log_lines(struct custody_log *l); /* the last one's number */
const char *custody_log_path(const struct custody_log *l);

/* The bytes of the last line that was written. */
int custody_log_last(struct custody_log *l, struct text *line, struct err *e);

/* Frees in every case; NULL is fine. */
int custody_log_close(struct custody_log *l, struct err *e);

#endif
