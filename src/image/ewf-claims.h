/* SPDX-License-Identifier: Apache-2.0 */
/* What an E01 set says about its size, before libewf is asked to believe it.
 *
 * libewf allocates what a section claims: for as many chunks as the volume
 * section names, for as much text as a header inflates to, for a list that
 * may lie in a hole of the file.  So every section that it would read is
 * looked at first, whatever it is for, and has a bound with a reason.
 *
 * Of a set that has passed, libewf asks for at most
 *
 *     8 bytes for each chunk, which has 4 in a table that is no hole,
 *     130 for each chunk of the tables in use (see ewf-reader.c),
 *     130 for each range of unreadable sectors, which has 8 in the file,
 *     150 for each section, which has 76 (of 100 segments at a time), and
 *     110 MiB for texts,
 *
 * and of a file of a few MiB at most 256 MiB.  The check itself takes 200 KiB;
 * its time is that of reading the heads of the sections, and of 64 MiB that
 * are inflated. */
#ifndef EBSIMG_IMAGE_EWF_CLAIMS_H
#define EBSIMG_IMAGE_EWF_CLAIMS_H

#include <stdint.h>

#include "base/err.h"

/* ERR_USAGE when a segment is no file (libewf would wait for ever at a pipe)
 * or holds single files, ERR_VERIFY when a section of the segments `paths'
 * (NULL-terminated) is broken or claims more than it may or more than the
 * files can hold; the message names file, section and claim.  What else may
 * be wrong with the set is for libewf to find.
 *
 * A set whose end may be missing claims the whole: `chunks' are then as many
 * as it may claim, and 0 means as many as the files can hold. */
int ewf_claims_check(char **paths, uint64_t chunks, struct err *e);

/* libewf takes fewer than that. */
#define EWF_CHUNKS_MAX ((uint64_t)1 << 27)

#endif
