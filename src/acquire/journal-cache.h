/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a log about a cache that blocks are taken from. */
#ifndef EBSIMG_ACQUIRE_JOURNAL_CACHE_H
#define EBSIMG_ACQUIRE_JOURNAL_CACHE_H

#include "acquire/caching.h"
#include "acquire/journal.h"

/* An access log that counts; `ctx' is the struct journal. */
int journal_cache_log(void *ctx, const char *log,
                      const unsigned char head[LOG_HASH], uint64_t blocks,
                      struct err *e);

/* What is taken from it; `why_not': nothing. */
int journal_cache(struct journal *j, const struct caching *c,
                  const char *why_not, struct err *e);

#endif
