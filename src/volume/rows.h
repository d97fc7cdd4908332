/* SPDX-License-Identifier: Apache-2.0 */
/* What the manifest of an image says of the blocks of its volume, read once,
 * whole, and for every operation by the same rules. */
#ifndef EBSIMG_VOLUME_ROWS_H
#define EBSIMG_VOLUME_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/evidence.h"
#include "audit/manifest.h"
#include "base/err.h"
#include "flow/blockset.h"

struct rows {
    char snapshot[72];         /* that it is of */
    struct blockset *stored;   /* every block that has a row */
    struct blockset *zero;     /* stored, and all zeros */
    struct blockset *unread;   /* could not be read: zeros in the image */
    struct blockset *unproved; /* those whose row proves nothing, the unread
                                * ones among them */
    unsigned char sha256[MANIFEST_HASH], root[MANIFEST_HASH];
};

/* Does the row say what bytes the provider stored?  Not where the block could
 * not be read, and not without the provider's checksum: whatever digest stands
 * there then, nobody but the program that wrote it vouches for it. */
bool row_proves(const struct manifest_row *row);

/* Both say so, and they are the same. */
bool rows_same_bytes(const struct manifest_row *a,
                     const struct manifest_row *b);

/* Reads the manifest of `ev', which has one, of an image of `size' bytes.
 * ERR_VERIFY when it is damaged or of another size; whether the log names it,
 * evidence_check_manifest() can tell afterwards. */
int rows_read(const struct evidence *ev, uint64_t size, struct rows *r,
              struct err *e);
void rows_free(struct rows *r); /* also after a failure, and twice */

#endif
