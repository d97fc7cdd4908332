/* SPDX-License-Identifier: Apache-2.0 */
/* After the last block: the images are closed, every file is measured and
 * hashed, and the checksum files are written. */
#include "acquire/outputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/artefacts.h"
#include "audit/hash-file.h"
#include "audit/sums.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "show/file-progress.h"
#include "show/progress.h"

static int add_file(struct outputs *o, const char *name,
                    const char *path, struct err *e)
{
    struct output_file *more = realloc(o->files, (o->nfiles + 1)
                                                 * sizeof(*more));
    struct output_file *f;

    if (!more)
        return err_nomem(e);
    o->files = more;
    f = &more[o->nfiles];
    memset(f, 0, sizeof(*f));
    f->name = strdup(name);
    f->path = strdup(path);
    o->nfiles++;
    if (!f->name || !f->path)
        return err_nomem(e);
    return file_usage(path, &f->allocated, &f->size, e);
}

/* Small files are in every checksum file that there is. */
static unsigned paper_hashes(const struct outputs *o)
{
    return o->opt->hashes | acquire_file_hashes(o->opt);
}

/* A raw image in one piece has the digests of the stream; reading it once
 * more would prove that the disk returns what was written, which `ebsimg
 * verify' does on request. */
static bool is_whole_raw(const struct output_file *f)
{
    return artefact_is_stream(f->name);
}

static unsigned kinds_of(const struct outputs *o,
                         const struct output_file *f)
{
    return artefact_is(f->name, ARTEFACT_MANIFEST)
        ? paper_hashes(o) : acquire_file_hashes(o->opt);
}

/* Most segments of a large image were hashed while others were written; the
 * last has to be read now: libewf goes back in it. */
static int hash_rest(struct outputs *o, const struct hashes *stream,
                     unsigned threads, struct err *e)
{
    autofree struct hash_job *jobs = calloc(o->nfiles + 1, sizeof(*jobs));
    size_t n = 0, bad = 0;

    if (!jobs)
        return err_nomem(e);
    hash_ahead_end(o->ahead);
    for (size_t i = 0; i < o->nfiles; i++) {
        struct output_file *f = &o->files[i];

        if (is_whole_raw(f))
            f->hashes = *stream;
        else if (!hash_ahead_take(o->ahead, f->path, &f->hashes))
            jobs[n++] = (struct hash_job){ f->path, kinds_of(o, f), f->size,
                                           &f->hashes, ERR_INIT };
    }
    hash_files(jobs, n, threads, hash_ahead_watch(o->ahead));
    while (bad < n && jobs[bad].err.kind == ERR_NONE)
        bad++;
    if (bad == n)
        return 0;
    *e = jobs[bad].err;
    return -1;
}

static uint64_t bytes_to_hash(const struct outputs *o)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < o->nfiles; i++)
        if (!is_whole_raw(&o->files[i]))
            sum += o->files[i].size;
    return sum;
}

static int hash_images(struct outputs *o, const struct hashes *stream,
                       unsigned threads, struct err *e)
{
    struct file_progress progress;
    int r;

    file_progress_start(&progress,
                        progress_wanted(o->opt->progress, o->opt->quiet),
                        hash_ahead_watch(o->ahead), bytes_to_hash(o));
    r = hash_rest(o, stream, threads, e);
    file_progress_end(&progress);
    return r;
}

/* At this moment the stage holds the log, the manifest and the images. */
static int add_images(struct outputs *o, struct err *e)
{
    char **names = stage_names(o->stage, e);
    int r = names ? 0 : -1;

    for (size_t i = 0; r == 0 && names[i]; i++) {
        const char *suffix = names[i] + strlen(file_name(o->prefix));
        autofree char *path = stage_path(o->stage, suffix);

        if (strcmp(suffix, LOG_SUFFIX) == 0)
            continue;
        if (!path)
            r = err_nomem(e);
        else
            r = add_file(o, names[i], path, e);
    }
    stage_names_free(names);
    return r;
}

int outputs_finish(struct outputs *o, const struct hashes *stream,
                   unsigned threads, struct err *e)
{
    for (; o->nfinished < o->nsinks; o->nfinished++) {
        struct sink *k = o->sinks[o->nfinished];

        if (k->finish(k, stream, e) < 0)
            return -1;
    }
    if (kind_decide(&o->kind, o->stage, &o->ledger.counts,
                    o->from->volume_size, e) < 0
        || add_images(o, e) < 0)
        return -1;
    return hash_images(o, stream, threads, e);
}

int outputs_add_file(struct outputs *o, const char *suffix,
                     struct err *e)
{
    autofree char *path = stage_path(o->stage, suffix);
    struct output_file *f;

    if (!path)
        return err_nomem(e);
    if (add_file(o, file_name(path), path, e) < 0)
        return -1;
    f = &o->files[o->nfiles - 1];
    return hash_file(f->path, paper_hashes(o), &f->hashes, e);
}

int outputs_write_sums(const struct outputs *o, const struct hashes *stream,
                       struct err *e)
{
    autofree struct sums_file *list = calloc(o->nfiles + 1, sizeof(*list));

    if (!list)
        return err_nomem(e);
    for (size_t i = 0; i < o->nfiles; i++)
        list[i] = (struct sums_file){ o->files[i].name,
                                      o->files[i].hashes };
    for (int k = 0; k < HASH_KINDS; k++) {
        const char *suffix = artefact_sums_suffix((enum hash_kind)k);
        autofree char *path = NULL;

        if (!(paper_hashes(o) & HASH_BIT(k)))
            continue;
        path = stage_path(o->stage, suffix);
        if (!path)
            return err_nomem(e);
        if (sums_write(path, (enum hash_kind)k, stream, list, o->nfiles, e) < 0)
            return -1;
    }
    return 0;
}

