/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a manifest in any order.
 *
 * The manifest is read once to be proved; what is read of it later must be
 * what was read then.  So of each page of rows the first index and a SHA-256
 * are kept: 36 bytes for 1024 rows, 5 MiB for the largest volume. */
#ifndef EBSIMG_VOLUME_ROW_INDEX_H
#define EBSIMG_VOLUME_ROW_INDEX_H

#include <stdint.h>

#include "audit/evidence.h"
#include "audit/manifest.h"
#include "base/err.h"

struct row_index;

/* The manifest of `ev' must have this SHA-256: ERR_VERIFY. */
struct row_index *row_index_new(const struct evidence *ev,
                                const unsigned char sha256[MANIFEST_HASH],
                                struct err *e);
void row_index_free(struct row_index *x); /* NULL is fine */

/* Any thread.  1 and the row of this block, 0 when it has none; -1 when it
 * cannot be read or is not what it was: ERR_VERIFY. */
int row_index_find(const struct row_index *x, uint32_t index,
                   struct manifest_row *row, struct err *e);

#endif
