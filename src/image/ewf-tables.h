/* SPDX-License-Identifier: Apache-2.0 */
/* How long the chunks of an E01 set are by its tables, before libewf is asked
 * for one: it allocates as many bytes as lie between one chunk and the next,
 * up to 2 GiB, and in a sparse file they need not be anywhere.
 *
 * Memory: 48 bytes for each table and 4 for each chunk of one table, which
 * has 2^22 of them at most (ewf-claims.h). */
#ifndef EBSIMG_IMAGE_EWF_TABLES_H
#define EBSIMG_IMAGE_EWF_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct ewf_tables;

/* Goes through the sections of the segments, which ewf_claims_check() has
 * passed.  `paths' (NULL-terminated) must outlive it. */
struct ewf_tables *ewf_tables_new(char **paths, struct err *e);
void ewf_tables_free(struct ewf_tables *t); /* NULL is fine */

/* Whether a chunk is at most so many bytes long: 1, or 0.  1 also for one that
 * is in no table: libewf then asks for nothing.  Fast when `chunk' ascends
 * from call to call.  -1: no memory. */
int ewf_tables_allow(struct ewf_tables *t, uint64_t chunk, size_t most,
                     struct err *e);

#endif
