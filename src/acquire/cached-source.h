/* SPDX-License-Identifier: Apache-2.0 */
/* A cache as the supply of a fetch: each block has the provider's SHA-256 and
 * the request id of the access log, and is proved like one that was fetched. */
#ifndef EBSIMG_ACQUIRE_CACHED_SOURCE_H
#define EBSIMG_ACQUIRE_CACHED_SOURCE_H

#include "base/err.h"
#include "fetch/fetch.h"
#include "volume/kept.h"

struct cached_source;

/* `kept' was opened for its origins, and stays the caller's.  `*refused' is
 * counted on the fetch's thread: blocks that are not what the log says. */
struct cached_source *cached_source_new(struct kept *kept, unsigned slots,
                                        uint64_t *refused, struct err *e);
struct fetch_supply *cached_source_supply(struct cached_source *c);
void cached_source_free(struct cached_source *c); /* after stop(); NULL is
                                                   * fine */

#endif
