/* SPDX-License-Identifier: Apache-2.0 */
/* What is in the images: read once more, block by block, and compared with
 * the log, the manifest, and what the image itself says. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "flow/budget.h"
#include "flow/compare.h"
#include "flow/pipeline.h"
#include "image/formats.h"
#include "image/reader.h"
#include "verify/verification.h"

static int tick(void *ctx, const struct pipeline_state *st, struct err *e)
{
    struct verification *v = ctx;
    struct stats now = { .times = st->times, .slots = st->slots };
    struct progress_facts f = {
        .done = st->written,
        .blocks = st->blocks,
        .hashed = st->hashed,
        .waiting = stats_waits_for(&v->then, &now),
    };

    if (progress_show(&v->progress, &f, clock_monotonic(&clock_system)))
        v->then = now;
    return interrupt_check(e);
}

static void on_different(void *ctx, uint32_t index, const char *why)
{
    struct verification *v = ctx;

    findings_add(&v->images, FINDING_BAD, v->image,
                 "block %" PRIu32 " (bytes %" PRIu64 " to %" PRIu64 ") %s",
                 index, (uint64_t)index * BLOCK_SIZE,
                 (uint64_t)index * BLOCK_SIZE + BLOCK_SIZE - 1, why);
}

static void on_damaged(void *ctx, uint64_t offset, uint64_t len)
{
    struct verification *v = ctx;

    v->damaged += len;
    findings_add(&v->images, FINDING_BAD, v->image,
                 "bytes %" PRIu64 " to %" PRIu64 " cannot be read: the file "
                 "is damaged there", offset, offset + len - 1);
}

/* `wrong' says which of the two it is when they differ. */
static void compare_hashes(struct verification *v, const char *with,
                           const struct hashes *now,
                           const struct hashes *then,
                           enum finding_kind wrong)
{
    for (int k = 0; k < HASH_KINDS; k++) {
        char a[2 * HASH_MAX + 1], b[2 * HASH_MAX + 1];

        if (!(now->have & then->have & HASH_BIT(k)))
            continue;
        v->compared = true;
        hashes_hex(now, (enum hash_kind)k, a);
        hashes_hex(then, (enum hash_kind)k, b);
        if (strcmp(a, b) == 0)
            findings_add(&v->images, FINDING_GOOD, v->image,
                         "%s %s, as %s says", hash_titles[k], a, with);
        else
            findings_add(&v->images, wrong, v->image,
                         "%s is %s, but %s says %s", hash_titles[k], a, with,
                         b);
    }
}

static void compare_stored(struct verification *v, const struct image *image,
                           const struct hashes *now)
{
    struct image_info info;
    struct err e = ERR_INIT;

    if (image->format->info(image, &info, &e) < 0) {
        findings_blame(&v->images, FINDING_BAD, v->image, &e);
        return;
    }
    if (info.stored.have)
        compare_hashes(v, "the image itself", now, &info.stored,
                       FINDING_BAD);
    else
        findings_add(&v->images, FINDING_BAD, v->image,
                     "holds no digest: it was not finished");
    if (!v->opt->image) /* its header is of who made the file */
        verify_read_header(v, &info);
    image_info_free(&info);
}

/* What the manifest said, after the whole image has passed. */
static void conclude_manifest(struct verification *v, struct compare *c)
{
    struct err e = ERR_INIT;

    if (c->sink.finish(&c->sink, NULL, &e) < 0) {
        findings_blame(&v->images, FINDING_CHANGED, "manifest", &e);
        return;
    }
    v->compared = true;
    v->unreadable = c->counts.unreadable;
    v->vouched = v->rows_proved && c->counts.different == 0;
    if (c->counts.different)
        findings_add(&v->images, FINDING_BAD, v->image,
                     "%" PRIu64 " blocks do not fit the manifest",
                     c->counts.different);
    else
        findings_add(&v->images, FINDING_GOOD, v->image,
                     "%" PRIu64 " blocks have the provider's SHA-256, all "
                     "others are zeros", c->counts.same);
    if (c->counts.cached)
        findings_add(&v->images, FINDING_NOTE, v->image,
                     "%" PRIu64 " of the blocks are of a cache: that the "
                     "provider sent their SHA-256 is the word of the access "
                     "logs that the log names", c->counts.cached);
    if (c->counts.unreadable)
        findings_add(&v->images, FINDING_NOTE, v->image,
                     "%" PRIu64 " blocks were unreadable when it was "
                     "acquired and are zeros", c->counts.unreadable);
}

static struct budget budget_of(const struct verification *v,
                           const struct image *image)
{
    struct budget r;

    budget_for_verify(&r, v->opt->threads, v->opt->memory,
                    image->format->traits & FORMAT_PACKED);
    return r;
}

/* Every digest that somebody has told; without a log all of them. */
static unsigned hashes_needed(const struct verification *v)
{
    unsigned told = v->ev.log.stream.have | v->stream.have | v->whole.have
        | v->sealed.have;

    return v->ev.log.present ? told : HASH_ALL;
}

/* Reads the image through the pipeline. */
static int read_image(struct verification *v, const struct image *image,
                      struct compare *compare, struct hashes *now,
                      struct err *e)
{
    struct budget budget = budget_of(v, image);
    struct image_reader_config rc = {
        .image = image,
        .slots = budget.slots,
        .lax = v->ev.log.present,
        .damaged = on_damaged,
        .damaged_ctx = v,
    };
    struct sink *sink = compare ? &compare->sink : NULL;
    struct source *source = image_reader_new(&rc, e);
    struct pipeline_times times = { 0 };
    struct pipeline p = {
        .source = source,
        .sinks = &sink,
        .nsinks = compare ? 1 : 0,
        .hashes = hashes_needed(v),
        .workers = budget.threads,
        .slots = budget.slots,
        .times = &times,
        .tick = tick,
        .ctx = v,
    };
    int r;

    if (!source)
        return -1;
    v->then = (struct stats){ .rate = 0 };
    p.hashes |= image->format->stored;
    progress_start(&v->progress,
                   progress_wanted(v->opt->progress, v->opt->quiet),
                   v->image, image->size, clock_monotonic(&clock_system));
    r = pipeline_run(&p, now, e);
    progress_end(&v->progress);
    stats_add(&v->stats, &times);
    image_reader_free(source);
    return r;
}

/* With an image whose every block is what the provider vouches for, it is the
 * paper that is wrong. */
static void compare_papers(struct verification *v, const struct image *image,
                           const struct hashes *now)
{
    enum finding_kind wrong = v->vouched ? FINDING_CHANGED : FINDING_BAD;

    compare_hashes(v, "the log", now, &v->ev.log.stream, wrong);
    v->beside_alone |= !v->compared && !image->format->stored;
    compare_hashes(v, "the digest of the raw stream", now, &v->stream,
                   wrong);
    if (!(image->format->traits & FORMAT_PLAIN))
        return;
    compare_hashes(v, "the checksum file", now, &v->whole, wrong);
    compare_hashes(v, "the seal", now, &v->sealed, wrong);
}

static int check_content(struct verification *v, const struct image *image,
                         struct manifest_reader *rows, struct err *e)
{
    struct compare compare;
    struct hashes now = { 0 };

    if (rows && compare_open(&compare, rows, e) < 0)
        return -1;
    compare.different = on_different;
    compare.ctx = v;
    if (read_image(v, image, rows ? &compare : NULL, &now, e) < 0)
        return -1;
    if (rows)
        conclude_manifest(v, &compare);
    compare_papers(v, image, &now);
    if (image->format->stored)
        compare_stored(v, image, &now);
    return 0;
}

static void check_size(struct verification *v, const struct image *image,
                       uint64_t said, const char *by)
{
    if (said != RUN_UNTOLD && said != image->size)
        findings_add(&v->images, FINDING_BAD, v->image,
                     "holds %" PRIu64 " bytes, %s says %" PRIu64,
                     image->size, by, said);
}

/* What lies under another name was not checked as a file, and what the log
 * does not name is not of its run. */
static void check_names(struct verification *v, const struct image *image)
{
    for (size_t i = 0; v->ev.log.present && image->paths[i]; i++) {
        const char *name = file_name(image->paths[i]);

        if (run_record_is_streamed(&v->ev.log))
            findings_add(&v->images, FINDING_NOTE, name, "is a file that the "
                         "image became after it went to standard output");
        else if (!evidence_file(&v->ev, name))
            findings_add(&v->images, FINDING_CHANGED, name,
                         "is not among the files that the log names");
    }
}

/* Hours of reading are not needed to say that there is nothing. */
static bool is_comparable(const struct verification *v,
                          const struct image *image)
{
    return image->format->stored || v->rows
        || v->ev.log.stream.have || v->stream.have || v->whole.have
        || v->sealed.have;
}

static int check_opened(struct verification *v, const struct image *image,
                        struct err *e)
{
    struct manifest_header h;
    struct manifest_reader *rows = NULL;
    int r;

    check_names(v, image);
    check_size(v, image, v->ev.log.volume_size, "the log");
    if (v->rows) {
        rows = verify_open_rows(v, &h, e);
        if (!rows)
            return -1;
        check_size(v, image, h.volume_size, "the manifest");
    }
    r = is_comparable(v, image) ? check_content(v, image, rows, e) : 0;
    manifest_close(rows);
    return r;
}

/* -1 only when the verification itself cannot go on. */
static int check_image(struct verification *v, const char *path,
                       struct err *e)
{
    struct image image;
    int r;

    v->image = file_name(path);
    v->compared = false;
    v->vouched = false;
    r = image_open(path, &image, e);
    if (r == 0) {
        r = check_opened(v, &image, e);
        image_close(&image);
    }
    if (r == 0 && !v->compared)
        v->alone++;
    if (r == 0 || e->kind != ERR_VERIFY)
        return r;
    findings_blame(&v->images, FINDING_BAD, v->image, e);
    return 0;
}

int verify_read_images(struct verification *v, struct err *e)
{
    for (size_t i = 0; v->ev.images[i]; i++)
        if (check_image(v, v->ev.images[i], e) < 0)
            return -1;
    return 0;
}
