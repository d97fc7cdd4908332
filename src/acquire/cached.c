/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/cached.h"

#include <inttypes.h>
#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/cached-source.h"
#include "acquire/journal-cache.h"
#include "acquire/journal-way.h"
#include "acquire/spotcheck.h"
#include "aws/endpoint.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "fetch/survey.h"

/* A name in the folder that no file of ours has. */
#define PROBE ".probe"

/* ------------------------------------------------------------------- open */

static int enter(struct acquisition *a, struct err *e)
{
    const char *path = a->opt->cache;

    if (!file_is_folder(path))
        return err_set(e, ERR_DEST, 0, "--cache: there is no folder %s",
                       path);
    return private_enter(&a->cache.folder, path, PROBE, e) < 0 ? -1
        : private_check(&a->cache.folder, path, e);
}

static int list(struct acquisition *a, unsigned not_ready_seconds,
                uint64_t *gib, struct err *e)
{
    struct survey v = {
        .aws = a->origin.aws,
        .call = call_new(a->origin.aws, e),
        .stop = &interrupted,
    };
    int r;

    if (!v.call)
        return -1;
    v.call->not_ready_seconds = not_ready_seconds;
    r = survey_stored(&v, a->origin.snapshot, &a->cache.stored, gib, e);
    a->cache.list_calls = v.calls;
    call_free(v.call);
    return r;
}

static int open_kept(struct acquisition *a, uint64_t size, struct err *e)
{
    const char *region = a->origin.settings.region;
    struct kept_config c = {
        .folder = a->opt->cache,
        .of = {
            .snapshot = a->origin.snapshot,
            .partition = region ? endpoint_partition(region) : NULL,
            .region = region,
            .endpoint = aws_endpoint(a->origin.aws, AWS_EBS),
            .size = size,
        },
        .origins = true,
        .note = journal_note,
        .counts = journal_cache_log,
        .ctx = &a->journal,
    };

    a->cache.kept = kept_open(&c, e);
    return a->cache.kept ? 0 : -1;
}

/* ----------------------------------------------------------------- choice */

static int not_listed(const struct acquisition *a, uint64_t index,
                      struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "block %" PRIu64 " of %s was fetched "
                   "before, as an access log in %s says, and is not listed "
                   "now: the list leaves it out, or the log is of another "
                   "disk; acquire without --cache and compare", index,
                   a->origin.snapshot, a->opt->cache);
}

/* What an earlier session of the run has is not taken again. */
static int choose(struct acquisition *a, struct err *e)
{
    struct caching *c = &a->cache;
    uint64_t room = blockset_room(c->stored);
    uint64_t from = a->resume.at.offset / BLOCK_SIZE;
    autoblockset struct blockset *all = blockset_new(room, e);

    c->have = blockset_new(room, e);
    if (!all || !c->have)
        return -1;
    kept_list(c->kept, all);
    for (uint64_t i = blockset_next(all, 0); i != BLOCKSET_END;
         i = blockset_next(all, i + 1)) {
        if (!blockset_has(c->stored, i))
            return not_listed(a, i, e);
        if (i >= from)
            blockset_add(c->have, i);
    }
    c->blocks = blockset_count(c->have);
    return 0;
}

static int divide(struct caching *c, struct err *e)
{
    c->fetch = blockset_new(blockset_room(c->stored), e);
    if (!c->fetch)
        return -1;
    for (uint64_t i = blockset_next(c->stored, 0); i != BLOCKSET_END;
         i = blockset_next(c->stored, i + 1))
        if (!blockset_has(c->have, i))
            blockset_add(c->fetch, i);
    return 0;
}

/* ----------------------------------------------------------------- sample */

static int differs(const char *snapshot, const struct manifest_row *row,
                   struct err *e)
{
    return err_set(e, ERR_VERIFY, 0, "block %" PRIu32 " of %s was fetched "
                   "once more, and is not what the cache has: that is of "
                   "another disk, or was changed with its log; nothing gets "
                   "its name: acquire without --cache", row->index, snapshot);
}

static int expected(void *ctx, uint32_t index, struct manifest_row *row,
                    struct err *e)
{
    row->index = index;
    if (kept_digest(ctx, index, row->sha256))
        return 0;
    return err_set(e, ERR_INTERNAL, 0, "block %" PRIu32 " left the cache",
                   index);
}

static int compare_sample(struct acquisition *a, uint64_t gib, struct err *e)
{
    struct caching *c = &a->cache;
    autoblockset struct blockset *sample =
        spotcheck_choose(c->have, a->opt->recheck, e);
    struct spotcheck check = {
        .from = &a->origin,
        .opt = a->opt,
        .budget = &a->budget,
        .clock = a->journal.clock,
        .sample = sample,
        .gib = gib,
        .expected = expected,
        .ctx = c->kept,
        .what = "comparing the cache",
        .differs = differs,
        .zero_unreadable = a->opt->on_unreadable == 1,
    };
    int r = sample ? spotcheck_run(&check, e) : -1;

    c->compared = check.compared;
    c->unreadable = check.unreadable;
    return r;
}

/* ------------------------------------------------------------------ whole */

/* Bytes alone show that the cache is of this disk. */
static const char *use(struct acquisition *a, struct err *e)
{
    struct caching *c = &a->cache;

    if (!c->blocks)
        return "none of its blocks counts here";
    if (a->opt->dry_run)
        return "a dry run compares none of its blocks";
    if (!c->compared)
        return "none of its blocks could be compared";
    if (divide(c, e) < 0)
        return NULL;
    c->source = cached_source_new(c->kept, a->budget.slots, &c->refused, e);
    c->used = c->source;
    return NULL;
}

static int finish(struct acquisition *a, struct err *e)
{
    struct err why = ERR_INIT;
    const char *why_not = use(a, &why);

    if (why.kind) {
        *e = why;
        return -1;
    }
    return journal_cache(&a->journal, &a->cache, why_not, e);
}

int cached_prepare(struct acquisition *a, unsigned not_ready_seconds,
                   struct err *e)
{
    uint64_t gib = 0;

    if (a->since.used) {
        journal_note(&a->journal, "the cache is not used: the image is built "
                     "upon an earlier one");
        return 0;
    }
    if (!a->opt->recheck)
        return err_set(e, ERR_USAGE, 0, "--cache needs --recheck: blocks that "
                       "are fetched again alone show that it is of this "
                       "disk");
    if (enter(a, e) < 0 || list(a, not_ready_seconds, &gib, e) < 0
        || open_kept(a, gib * GIB, e) < 0 || choose(a, e) < 0
        || (a->cache.blocks && compare_sample(a, gib, e) < 0))
        return -1;
    return finish(a, e);
}

void cached_configure(struct caching *c, struct fetch_config *f)
{
    if (!c->used)
        return;
    f->only = c->fetch;
    f->stored = c->stored;
    f->supply = cached_source_supply(c->source);
}

void cached_free(struct caching *c)
{
    cached_source_free(c->source);
    kept_free(c->kept);
    private_leave(&c->folder);
    blockset_free(c->stored);
    blockset_free(c->have);
    blockset_free(c->fetch);
}
