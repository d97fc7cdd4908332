/* SPDX-License-Identifier: Apache-2.0 */
/* An acquisition that takes from the cache of `ebsimg serve' what was fetched
 * there already, and fetches the rest.
 *
 * What is proved: a block counts by an access log whose chain is whole and
 * that is of this snapshot, region and endpoint, and it has the SHA-256 that
 * the provider sent with it then.  The service must list each block that such
 * a log tells of, and a random sample of them (--recheck) is fetched again
 * and compared before anything is written. */
#ifndef EBSIMG_ACQUIRE_CACHED_H
#define EBSIMG_ACQUIRE_CACHED_H

#include "acquire/caching.h"
#include "base/err.h"
#include "fetch/fetch.h"

struct acquisition;

/* ERR_DEST: the folder is not there, or others may write in it.  ERR_VERIFY:
 * a block is not listed, or another one than in the cache.  Logs what came of
 * it.  `not_ready_seconds' as in fetch_config. */
int cached_prepare(struct acquisition *a, unsigned not_ready_seconds,
                   struct err *e);

/* Fills in what the fetch has to know. */
void cached_configure(struct caching *c, struct fetch_config *f);

void cached_free(struct caching *c);

#endif
