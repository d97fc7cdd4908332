/* SPDX-License-Identifier: Apache-2.0 */
/* An earlier image as the supply of blocks that need not be fetched again:
 * each has the provider's SHA-256 and the request id that its manifest holds,
 * and is proved like one that was fetched. */
#ifndef EBSIMG_ACQUIRE_CARRY_H
#define EBSIMG_ACQUIRE_CARRY_H

#include "audit/manifest.h"
#include "base/err.h"
#include "fetch/fetch.h"
#include "image/reader.h"

struct carry;

/* `rows' are those of the image's manifest, from the first; they stay the
 * caller's.  `refused' is told, on the fetch's thread, of a block that the
 * image does not hold any more as the manifest says. */
struct carry *carry_new(const struct image *image,
                        struct manifest_reader *rows, unsigned slots,
                        void (*refused)(void *ctx, const struct slot *s),
                        void *ctx, struct err *e);
struct fetch_supply *carry_supply(struct carry *c);
void carry_free(struct carry *c); /* after stop(); NULL is fine */

#endif
