/* SPDX-License-Identifier: Apache-2.0 */
/* The end of an acquisition of one image: its exit status, and with --verify
 * the image read again from the disk, by the same code as `ebsimg verify', and
 * the result with its date in the custody log, because the log of the run is
 * closed by then. */
#ifndef EBSIMG_CASE_PROVING_H
#define EBSIMG_CASE_PROVING_H

#include "acquire/options.h"
#include "acquire/result.h"
#include "base/err.h"

/* The exit status of the run of this prefix that has ended as `r' says, or -1.
 * With --verify the worse one of run and verification, which is shown on
 * standard output behind the summary; after --dry-run there is nothing to
 * verify. */
int proving_status(const struct acquire_options *o, const char *prefix,
                   const struct result *r, struct err *e);

#endif
