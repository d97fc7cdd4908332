/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/kind.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "audit/artefacts.h"
#include "base/block.h"
#include "base/file.h"
#include "base/scope.h"
#include "image/ewf-mark.h"
#include "image/reader.h"

const char *kind_word(const struct kind *k)
{
    return k->medium == MEDIUM_VOLUME ? "logical" : "physical";
}

__attribute__((format(printf, 2, 3)))
static void doubt(struct kind *k, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(k->doubt, sizeof(k->doubt), fmt, ap);
    va_end(ap);
}

/* ----------------------------------------------------------------- reading */

/* An image of the run, and where a block of it goes. */
struct look {
    struct kind *kind;
    const struct ledger_counts *counts;
    uint64_t size;         /* of the volume */
    struct source *reader;
    unsigned char *block;
};

static int read_block(const struct look *l, uint64_t offset, struct err *e)
{
    struct slot s = { .offset = offset, .len = BLOCK_SIZE, .raw = l->block };

    if (image_reader_fill(l->reader, &s, e) < 0)
        return -1;
    return l->reader->unpack ? l->reader->unpack(l->reader, &s, e) : 0;
}

/* That of one image of the run; all hold the same. */
static char *first_path(const struct stage *stage)
{
    const struct artefact *image;

    for (size_t i = 0; (image = artefact_image(i)); i++) {
        char *path = stage_path(stage, image->suffix);

        if (path && file_exists(path))
            return path;
        free(path);
    }
    return NULL;
}

/* ------------------------------------------------------------- the decision */

static void look_at_first(const struct look *l)
{
    struct kind *k = l->kind;
    struct err why = ERR_INIT;

    if (l->counts->begin_unreadable) {
        doubt(k, "decided by the last block with data alone: that at sector 0 "
              "was unreadable");
        return;
    }
    if (read_block(l, 0, &why) < 0) {
        doubt(k, "decided by the last block with data alone: %s", why.msg);
        return;
    }
    k->medium = medium_first(l->block, BLOCK_SIZE, l->size);
    if (k->medium == MEDIUM_DISK)
        snprintf(k->because, sizeof(k->because), "a partition table or label "
                 "at the beginning");
    else if (k->medium == MEDIUM_VOLUME)
        snprintf(k->because, sizeof(k->because), "a file system (%s) at sector "
                 "0, and no partition table",
                 medium_file_system(l->block, BLOCK_SIZE));
}

static void look_at_last(const struct look *l)
{
    uint64_t at = l->counts->end ? l->counts->end - BLOCK_SIZE : 0;
    struct kind *k = l->kind;
    struct err why = ERR_INIT;

    if (l->counts->end_unreadable && !k->doubt[0])
        doubt(k, "a block behind the last one with data was unreadable: "
              "whether a GPT is there is not known");
    if (!l->counts->end)
        return;
    if (read_block(l, at, &why) < 0) {
        doubt(k, "decided by the first block alone: %s", why.msg);
        return;
    }
    if (!medium_has_gpt(l->block, BLOCK_SIZE, at))
        return;
    k->medium = MEDIUM_DISK;
    snprintf(k->because, sizeof(k->because), "the copy of a GPT in the last "
             "block with data, and no table at the beginning");
}

/* A table at the beginning has decided: then the end is not looked at. */
static void look_through(struct look *l, const struct image *image,
                         struct err *e)
{
    struct image_reader_config c = { .image = image, .slots = 1,
                                     .lax = true };

    l->reader = image_reader_new(&c, e);
    if (!l->reader)
        return;
    look_at_first(l);
    if (l->kind->medium != MEDIUM_DISK)
        look_at_last(l);
    image_reader_free(l->reader);
}

static void look(struct look *l, const char *path)
{
    autofree unsigned char *block = aligned_alloc(4096, BLOCK_SIZE);
    struct err why = ERR_INIT;
    struct image image;

    l->block = block;
    if (!block) {
        err_nomem(&why);
    } else if (image_open(path, &image, &why) == 0) {
        look_through(l, &image, &why);
        image_close(&image);
    }
    if (why.kind != ERR_NONE)
        doubt(l->kind, "neither the first nor the last block could be looked "
              "at: %s", why.msg);
}

/* Its first chunk had it marked as a volume. */
static int mark(const struct stage *stage, struct err *e)
{
    autofree char *first = stage_path(stage, E01_SUFFIX);

    if (!first)
        return err_nomem(e);
    return file_exists(first) ? ewf_mark_physical(first, e) : 0;
}

int kind_decide(struct kind *k, const struct stage *stage,
                const struct ledger_counts *counts, uint64_t size,
                struct err *e)
{
    autofree char *path = first_path(stage);
    struct look l = { .kind = k, .counts = counts, .size = size };

    *k = (struct kind){ .medium = MEDIUM_NEITHER };
    snprintf(k->because, sizeof(k->because), "no partition table and no file "
             "system found");
    if (path)
        look(&l, path);
    return k->medium == MEDIUM_VOLUME ? 0 : mark(stage, e);
}
