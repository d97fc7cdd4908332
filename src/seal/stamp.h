/* SPDX-License-Identifier: Apache-2.0 */
/* Time stamps for the signatures of a seal, from servers of RFC 3161. */
#ifndef EBSIMG_SEAL_STAMP_H
#define EBSIMG_SEAL_STAMP_H

#include "audit/beside.h"
#include "base/err.h"
#include "base/option.h"
#include "base/text.h"

struct stamp_options {
    struct option_list servers; /* URLs */
    const char *ca_bundle;      /* for those of https; NULL: the system's */
};

/* Before anything is done: are they URLs?  ERR_USAGE. */
int stamp_check(const struct stamp_options *o, struct err *e);

/* Asks each of them for a stamp over signature `i' and puts it beside that.
 * A server gets the SHA-256 of the signature's file, a random number, and
 * nothing else.  One that fails is a warning, "not time-stamped: why", and is
 * counted in *failed; -1 when a stamp could not be written, or by a signal.
 * What was done is added to `report', a line each. */
int stamp_signature(const struct stamp_options *o, const struct beside *set,
                    unsigned i, unsigned *failed, struct text *report,
                    struct err *e);

/* The same for bytes that are kept otherwise: what they are stamped with by
 * one server is added to `token'; nothing when that failed. */
int stamp_bytes(const struct stamp_options *o, const char *url,
                const struct text *bytes, struct text *token,
                unsigned *failed, struct err *e);

#endif
