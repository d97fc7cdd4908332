/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/outputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "audit/artefacts.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "image/deflate.h"
#include "image/ewf.h"
#include "image/formats.h"
#include "image/stream-sink.h"

/* ------------------------------------------------------------------ open */

static void is_whole(void *ctx, const char *path)
{
    hash_ahead_add(ctx, path);
}

static struct file_watch watch(const struct outputs *o)
{
    return (struct file_watch){ is_whole, o->ahead };
}

/* `at' is NULL for a new image. */
static int open_image(struct outputs *o, const struct format *f,
                      struct image_config *c, const struct checkpoint *at,
                      struct err *e)
{
    struct sink *k = f->create(c, at, e);

    if (f->chunk_size)
        o->chunk_size = c->chunk_size ? c->chunk_size
                                      : f->chunk_size(o->from->volume_size);
    if (k)
        o->sinks[o->nsinks++] = k;
    return k ? 0 : -1;
}

static int open_each(struct outputs *o, const char *base,
                     const char *chunks, const struct checkpoint *at,
                     struct err *e)
{
    const struct acquire_options *opt = o->opt;
    struct utsname u;
    char description[128];
    struct image_config c = {
        .base = base,
        .prefix = o->prefix,
        .chunks = chunks,
        .watch = watch(o),
        .volume_size = o->from->volume_size,
        .segment_size = opt->segment_size,
        .chunk_size = (uint32_t)opt->chunk_size,
        .level = (enum deflate_level)opt->compression,
        .case_number = opt->case_number,
        .evidence_number = opt->evidence_number,
        .examiner = opt->examiner,
        .description = opt->description ? opt->description : description,
        .notes = opt->notes,
        .model = "EBS snapshot",
        .serial = o->from->snapshot,
        .software = "ebsimg" PACKAGE_VERSION,
        .system = uname(&u) == 0 ? u.sysname : "unknown",
        .share = o->share,
    };

    snprintf(description, sizeof(description), "EBS snapshot %s",
             o->from->snapshot);
    for (int f = 0; f < FORMATS; f++)
        if ((opt->formats & FORMAT_BIT(f))
            && open_image(o, formats[f], &c, at, e) < 0)
            return -1;
    return 0;
}

static int open_stream(struct outputs *o, struct err *e)
{
    struct sink *k = stream_sink_new(o->opt->stream_fd, o->from->volume_size,
                                     o->opt->hashes, e);

    if (k)
        o->sinks[o->nsinks++] = k;
    return k ? 0 : -1;
}

static int open_files(struct outputs *o, const struct checkpoint *at,
                      struct err *e)
{
    autofree char *base = stage_path(o->stage, "");
    autofree char *chunks = stage_path(o->stage, STAGE_CHUNKS);

    return base && chunks ? open_each(o, base, chunks, at, e) : err_nomem(e);
}

static int open_images(struct outputs *o, const struct checkpoint *at,
                       struct err *e)
{
    o->ahead = hash_ahead_new(acquire_file_hashes(o->opt), e);
    if (!o->ahead)
        return -1;
    return o->opt->streamed ? open_stream(o, e) : open_files(o, at, e);
}

static int open_ledger(struct outputs *o, uint64_t started, struct err *e)
{
    autofree char *path = stage_path(o->stage, MANIFEST_SUFFIX);
    struct manifest_header h = {
        .volume_size = o->from->volume_size,
        .block_size = BLOCK_SIZE,
        .started = started,
    };

    if (!path)
        return err_nomem(e);
    strncpy(h.snapshot, o->from->snapshot, sizeof(h.snapshot) - 1);
    if (ledger_open(&o->ledger, path, &h, e) < 0)
        return -1;
    o->sinks[o->nsinks++] = &o->ledger.sink;
    return 0;
}

static bool lacks(const struct outputs *o, enum filesystem_lack what)
{
    return stage_filesystem(o->stage)->lacks & 1u << what;
}

static int refuse_room(const struct outputs *o, uint64_t need, uint64_t room,
                       struct err *e)
{
    char needs[32], has[32];

    size_text(needs, need);
    size_text(has, room);
    if (lacks(o, LACKS_HOLES))
        return err_set(e, ERR_DEST, 0, "there is no room for the raw image: "
                       "the volume has %s, which this file system (%s) has no "
                       "holes for, and %s are free where %s is; choose "
                       "--format e01 or another --output", needs,
                       stage_filesystem(o->stage)->name, has, o->prefix);
    return err_set(e, ERR_DEST, 0,
                   "there is no room for the raw image: the snapshot holds "
                   "%s of blocks, %s are free where %s is; choose another "
                   "--output", needs, has, o->prefix);
}

/* A raw image needs room for every stored block, and for all of the volume
 * where holes take room; better told now than after hours.  What an E01 will
 * need cannot be known; `rows' blocks are there, and without holes the whole
 * file is. */
static int check_room(const struct outputs *o, uint64_t rows, bool there,
                      struct err *e)
{
    const struct origin *from = o->from;
    uint64_t need = from->facts_known ? from->facts.full_size.value : 0;
    uint64_t have = rows * BLOCK_SIZE;
    uint64_t room;

    if (o->opt->streamed || !formats_any(o->opt->formats, FORMAT_PLAIN))
        return 0;
    need -= have < need ? have : need;
    if (lacks(o, LACKS_HOLES))
        need = there ? 0 : from->volume_size;
    if (file_room(stage_folder(o->stage), &room, e) < 0)
        return -1;
    return need <= room ? 0 : refuse_room(o, need, room, e);
}

/* The largest file that a format makes. */
static uint64_t largest(const struct outputs *o, const struct format *f)
{
    const uint64_t volume = o->from->volume_size;

    if (o->opt->segment_size)
        return o->opt->segment_size < volume ? o->opt->segment_size : volume;
    return f->traits & FORMAT_PLAIN ? volume
        : ewf_segment_size(volume, f->chunk_size(volume));
}

static int check_sizes(const struct outputs *o, struct err *e)
{
    char size[32];

    if (o->opt->streamed)
        return 0;
    if (!lacks(o, LACKS_LARGE_FILES))
        return 0;
    for (int f = 0; f < FORMATS; f++) {
        uint64_t n = largest(o, formats[f]);

        if ((o->opt->formats & FORMAT_BIT(f)) && n > FILESYSTEM_SMALL_FILE)
            return err_set(e, ERR_DEST, 0, "this file system (%s) has no "
                           "files of 4 GiB, and %s would have %s: use "
                           "--segment-size 2G, or another --output",
                           stage_filesystem(o->stage)->name, formats[f]->name,
                           size_text(size, n));
    }
    return 0;
}

int outputs_open(struct outputs *o, uint64_t started, struct raw_share *share,
                 struct err *e)
{
    o->share = share;
    if (check_sizes(o, e) < 0 || check_room(o, 0, false, e) < 0
        || open_images(o, NULL, e) < 0)
        return -1;
    return open_ledger(o, started, e);
}

/* ---------------------------------------------------------------- resume */

struct telling {
    struct outputs *o;
    struct err *e;
    int r;
};

static void tell_row(void *ctx, const struct manifest_row *row)
{
    struct telling *t = ctx;

    for (size_t i = 0; i < t->o->nsinks && row->class == BLOCK_UNREADABLE;
         i++) {
        struct sink *k = t->o->sinks[i];

        if (t->r == 0 && k->tell_unreadable)
            t->r = k->tell_unreadable(k, (uint64_t)row->index * BLOCK_SIZE,
                                      t->e);
    }
}

static int resume_ledger(struct outputs *o, const struct checkpoint *at,
                         struct err *e)
{
    autofree char *path = stage_path(o->stage, MANIFEST_SUFFIX);
    struct telling t = { o, e, 0 };

    if (!path)
        return err_nomem(e);
    if (ledger_resume(&o->ledger, path, at, tell_row, &t, e) < 0)
        return -1;
    o->sinks[o->nsinks++] = &o->ledger.sink;
    return t.r;
}

int outputs_resume(struct outputs *o, const struct checkpoint *at,
                   struct err *e)
{
    if (open_images(o, at, e) < 0 || resume_ledger(o, at, e) < 0)
        return -1;
    return check_room(o, at->rows, true, e);
}

void outputs_abandon(struct outputs *o)
{
    for (size_t i = o->nfinished; i < o->nsinks; i++)
        o->sinks[i]->abandon(o->sinks[i]);
}

void outputs_free(struct outputs *o)
{
    hash_ahead_free(o->ahead);
    o->ahead = NULL;
    for (size_t i = 0; i < o->nsinks; i++)
        o->sinks[i]->free(o->sinks[i]);
    o->nsinks = 0;
    for (size_t i = 0; i < o->nfiles; i++) {
        free(o->files[i].name);
        free(o->files[i].path);
    }
    free(o->files);
    o->files = NULL;
    o->nfiles = 0;
}
