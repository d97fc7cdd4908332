/* SPDX-License-Identifier: Apache-2.0 */
/* Adds an entry to the custody log of a set.  What is there is never changed:
 * the log is held against other processes, read from its first line on, and
 * goes on behind its last one, which must be whole; all of it is on the disk
 * when this returns. */
#ifndef EBSIMG_CUSTODY_ADD_H
#define EBSIMG_CUSTODY_ADD_H

#include "audit/log.h"
#include "base/err.h"
#include "base/text.h"
#include "custody/custody.h"
#include "seal/seal.h"

/* Bytes of a text at most. */
#define CUSTODY_TEXT_MAX 4096

/* What happened.  A text that was not given is NULL. */
struct custody_wish {
    enum custody_kind kind;
    const char *from, *to, *place, *reason, *evidence;
    const struct record *facts; /* further members, or NULL */
};

/* Before anything is done: is all there that such an entry needs?
 * ERR_USAGE. */
int custody_check_wish(const struct custody_wish *w, struct err *e);

/* Who signs: *s is NULL when no key was given; ERR_USAGE, ERR_ACCESS.  The
 * caller closes it. */
int custody_signer(const struct seal_options *o, struct signer **s,
                   struct err *e);

/* 0: added, with all that was asked for; 1: added, but a server gave no time
 * stamp; -1.  `name' is a prefix or an image of a finished run whose log is
 * sound.  What was done is told in `report', a line each.  ERR_VERIFY names
 * the line of a custody log that is damaged, ERR_DEST one that cannot be
 * written, or is being written by another process. */
int custody_add(const struct seal_options *o, struct signer *s,
                const char *name, const struct custody_wish *w,
                struct text *report, struct err *e);

#endif
