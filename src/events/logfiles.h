/* SPDX-License-Identifier: Apache-2.0 */
/* The files of logs on a side: found by where they lie and what they are
 * called, known by what is in them. */
#ifndef EBSIMG_EVENTS_LOGFILES_H
#define EBSIMG_EVENTS_LOGFILES_H

#include "events/events.h"

/* Reads them all; what keeps the file systems from being read is kept in the
 * side.  -1 for what ends the run. */
int logfiles_read(struct events *s, unsigned side, struct err *e);

/* By its path: could a log be in it?  Pure. */
bool logfiles_is_place(const char *path);

/* The log that a rotated file belongs to: the length of "/var/log/auth.log"
 * in "/var/log/auth.log.2.gz" and "/var/log/auth.log-20261130.xz".  Pure. */
size_t logfiles_stem(const char *path);

#endif
