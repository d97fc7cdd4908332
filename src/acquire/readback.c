/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/readback.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#include "acquire/acquisition.h"
#include "acquire/journal-start.h"
#include "audit/artefacts.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "flow/compare.h"
#include "image/formats.h"
#include "image/reader.h"
#include "show/progress.h"

#define NOWHERE UINT64_MAX

/* One image while it is read. */
struct readback {
    struct acquisition *a;
    _Atomic uint64_t bad;     /* offset of the first block that is not what
                               * was written, NOWHERE so far */
    struct progress progress;
};

/* Of many threads the least wins. */
static void found_bad(struct readback *b, uint64_t offset)
{
    uint64_t now = b->bad;

    while (offset < now && !atomic_compare_exchange_weak(&b->bad, &now,
                                                         offset))
        ;
}

static void on_different(void *ctx, uint32_t index, const char *why)
{
    (void)why;
    found_bad(ctx, (uint64_t)index * BLOCK_SIZE);
}

static void on_damaged(void *ctx, uint64_t offset, uint64_t len)
{
    (void)len;
    found_bad(ctx, offset / BLOCK_SIZE * BLOCK_SIZE);
}

/* The rest of an image need not be read once a block is bad that the writer
 * has passed: none before it can turn up any more. */
static int tick(void *ctx, const struct pipeline_state *st, struct err *e)
{
    struct readback *b = ctx;
    struct progress_facts f = { .done = st->written, .blocks = st->blocks };

    progress_show(&b->progress, &f, clock_monotonic(b->a->journal.clock));
    if (interrupted)
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted by signal %d",
                       (int)interrupted);
    if (b->bad < st->written)
        return err_set(e, ERR_VERIFY, 0, "stopped");
    return 0;
}

static struct budget budget_of(const struct acquisition *a,
                           const struct image *image)
{
    struct budget r;

    budget_for_verify(&r, a->budget.threads, a->budget.memory,
                    image->format->traits & FORMAT_PACKED);
    return r;
}

static int read_through(struct readback *b, const struct image *image,
                        struct compare *c, struct err *e)
{
    struct budget budget = budget_of(b->a, image);
    struct image_reader_config config = {
        .image = image,
        .slots = budget.slots,
        .damaged = on_damaged,
        .damaged_ctx = b,
    };
    struct sink *sink = &c->sink;
    struct pipeline p = {
        .source = image_reader_new(&config, e),
        .sinks = &sink,
        .nsinks = 1,
        .workers = budget.threads,
        .slots = budget.slots,
        .tick = tick,
        .ctx = b,
    };
    struct hashes none;
    int r;

    if (!p.source)
        return -1;
    c->different = on_different;
    c->ctx = b;
    r = pipeline_run(&p, &none, e);
    if (r == 0)
        r = sink->finish(sink, &none, e);
    image_reader_free(p.source);
    return r;
}

static int compare_image(struct readback *b, const struct image *image,
                         struct err *e)
{
    autofree char *path = stage_path(b->a->outputs.stage, MANIFEST_SUFFIX);
    struct manifest_header header;
    struct manifest_reader *rows;
    struct compare c;
    int r;

    if (!path)
        return err_nomem(e);
    rows = manifest_open(path, &header, e);
    if (!rows)
        return -1;
    r = compare_open(&c, rows, e);
    if (r == 0)
        r = read_through(b, image, &c, e);
    manifest_close(rows);
    return r;
}

static int read_image(struct acquisition *a, const char *first,
                      uint64_t *good, struct err *e)
{
    struct readback b = { .a = a, .bad = NOWHERE };
    struct image image;
    int r;

    if (image_open_partial(first, a->resume.at.offset, &image, e) < 0) {
        e->kind = ERR_VERIFY;
        return -1;
    }
    progress_start(&b.progress,
                   progress_wanted(a->opt->progress, a->opt->quiet),
                   "reading back", image.size,
                   clock_monotonic(a->journal.clock));
    r = compare_image(&b, &image, e);
    progress_end(&b.progress);
    image_close(&image);
    if (b.bad == NOWHERE)
        return r;
    *good = b.bad;
    return err_set(e, ERR_VERIFY, 0, "%s: block %" PRIu64 " is not what was "
                   "written", first, b.bad / BLOCK_SIZE);
}

int readback_run(struct acquisition *a, uint64_t *good, struct err *e)
{
    const struct artefact *image;

    for (size_t i = 0; (image = artefact_image(i)); i++) {
        autofree char *first = stage_path(a->outputs.stage, image->suffix);
        uint64_t began = clock_monotonic(a->journal.clock);

        if (!first)
            return err_nomem(e);
        if (!file_exists(first))
            continue;
        if (read_image(a, first, good, e) < 0
            || journal_readback(&a->journal, file_name(first),
                                a->resume.at.offset, began, e) < 0)
            return -1;
    }
    return 0;
}
