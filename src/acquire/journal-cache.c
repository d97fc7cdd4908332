/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/journal-cache.h"

#include <stdio.h>

#include "acquire/journal-way.h"
#include "acquire/recipe-options.h"
#include "base/file.h"
#include "base/scope.h"

int journal_cache_log(void *ctx, const char *log,
                      const unsigned char head[LOG_HASH], uint64_t blocks,
                      struct err *e)
{
    struct journal *j = ctx;
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "log", file_name(log));
    record_hex(&r, "log_head", head, LOG_HASH);
    record_u64(&r, "blocks", blocks);
    return log_write(j->log, "cache_log", &r, e);
}

static void tell_why_not(struct journal *j, const char *why_not)
{
    char text[200];

    snprintf(text, sizeof(text), "nothing is taken from the cache: %s",
             why_not);
    journal_note(j, text);
}

int journal_cache(struct journal *j, const struct caching *c,
                  const char *why_not, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    record_str(&r, "folder", j->opt->cache);
    record_bool(&r, "used", c->used);
    record_u64(&r, "blocks", c->blocks);
    recipe_add_count(&r, "asked_for", j->opt->recheck);
    record_u64(&r, "compared", c->compared);
    record_u64(&r, "unreadable_now", c->unreadable);
    record_u64(&r, "list_calls", c->list_calls);
    if (why_not) {
        record_str(&r, "why_not", why_not);
        tell_why_not(j, why_not);
    }
    return log_write(j->log, "cache", &r, e);
}
