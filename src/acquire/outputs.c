/* The files of an acquisition: made before the first block, finished,
 * checked and hashed after the last. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "acquire/acquisition.h"
#include "audit/artefacts.h"
#include "audit/hash-ahead.h"
#include "audit/hash-file.h"
#include "base/file.h"
#include "base/scope.h"
#include "base/text.h"
#include "image/formats.h"
#include "show/file-progress.h"

/* ------------------------------------------------------------------ open */

static void is_whole(void *ctx, const char *path)
{
    hash_ahead_add(ctx, path);
}

static struct file_watch watch(const struct acquisition *a)
{
    return (struct file_watch){ is_whole, a->ahead };
}

/* `at' is NULL for a new image. */
static int open_image(struct acquisition *a, const struct format *f,
                      struct image_config *c, const struct checkpoint *at,
                      struct err *e)
{
    struct sink *k = f->create(c, at, e);

    if (f->chunk_size)
        a->chunk_size = c->chunk_size ? c->chunk_size
                                      : f->chunk_size(a->volume_size);
    if (k)
        a->sinks[a->nsinks++] = k;
    return k ? 0 : -1;
}

static int open_each(struct acquisition *a, const char *base,
                     const char *chunks, const struct checkpoint *at,
                     struct err *e)
{
    const struct acquire_options *o = a->opt;
    struct utsname u;
    char description[128];
    struct image_config c = {
        .base = base,
        .chunks = chunks,
        .watch = watch(a),
        .volume_size = a->volume_size,
        .segment_size = o->segment_size,
        .chunk_size = (uint32_t)o->chunk_size,
        .level = (enum deflate_level)o->compression,
        .case_number = o->case_number,
        .evidence_number = o->evidence_number,
        .examiner = o->examiner,
        .description = o->description ? o->description : description,
        .notes = o->notes,
        .model = "EBS snapshot",
        .serial = a->snapshot,
        .software = "ebsimg" PACKAGE_VERSION,
        .system = uname(&u) == 0 ? u.sysname : "unknown",
        .share = a->since.share,
    };

    snprintf(description, sizeof(description), "EBS snapshot %s",
             a->snapshot);
    for (int f = 0; f < FORMATS; f++)
        if ((o->formats & FORMAT_BIT(f))
            && open_image(a, formats[f], &c, at, e) < 0)
            return -1;
    return 0;
}

static int open_images(struct acquisition *a, const struct checkpoint *at,
                       struct err *e)
{
    autofree char *base = stage_path(a->stage, "");
    autofree char *chunks = stage_path(a->stage, STAGE_CHUNKS);

    if (!base || !chunks)
        return err_nomem(e);
    a->ahead = hash_ahead_new(outputs_file_hashes(a), e);
    return a->ahead ? open_each(a, base, chunks, at, e) : -1;
}

static int open_ledger(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->stage, MANIFEST_SUFFIX);
    struct manifest_header h = {
        .volume_size = a->volume_size,
        .block_size = BLOCK_SIZE,
        .started = a->started,
    };

    if (!path)
        return err_nomem(e);
    strncpy(h.snapshot, a->snapshot, sizeof(h.snapshot) - 1);
    if (ledger_open(&a->ledger, path, &h, e) < 0)
        return -1;
    a->ledger_open = true;
    a->sinks[a->nsinks++] = &a->ledger.sink;
    return 0;
}

/* A raw image needs room for every stored block; better told now than after
 * hours.  What an E01 will need cannot be known. */
static int check_room(const struct acquisition *a, struct err *e)
{
    uint64_t need = a->facts_known ? a->facts.full_size.value : 0;
    uint64_t have = a->resume.at.rows * BLOCK_SIZE;
    uint64_t room;
    char needs[32], has[32];

    if (!formats_any(a->opt->formats, FORMAT_PLAIN))
        return 0;
    need -= have < need ? have : need;
    if (file_room(stage_folder(a->stage), &room, e) < 0)
        return -1;
    if (need <= room)
        return 0;
    return err_set(e, ERR_DEST, 0,
                   "there is no room for the raw image: the snapshot holds "
                   "%s of blocks, %s are free where %s is; choose another "
                   "--output", size_text(needs, need), size_text(has, room),
                   a->prefix);
}

int outputs_open(struct acquisition *a, struct err *e)
{
    a->resume.carried = 0;
    if (check_room(a, e) < 0 || open_images(a, NULL, e) < 0)
        return -1;
    return open_ledger(a, e);
}

/* ---------------------------------------------------------------- resume */

struct telling {
    struct acquisition *a;
    struct err *e;
    int r;
};

static void tell_row(void *ctx, const struct manifest_row *row)
{
    struct telling *t = ctx;

    for (size_t i = 0; i < t->a->nsinks && row->class == BLOCK_UNREADABLE;
         i++) {
        struct sink *k = t->a->sinks[i];

        if (t->r == 0 && k->tell_unreadable)
            t->r = k->tell_unreadable(k, (uint64_t)row->index * BLOCK_SIZE,
                                      t->e);
    }
}

static int resume_ledger(struct acquisition *a, const struct checkpoint *at,
                         struct err *e)
{
    autofree char *path = stage_path(a->stage, MANIFEST_SUFFIX);
    struct telling t = { a, e, 0 };

    if (!path)
        return err_nomem(e);
    if (ledger_resume(&a->ledger, path, at, tell_row, &t, e) < 0)
        return -1;
    a->ledger_open = true;
    a->sinks[a->nsinks++] = &a->ledger.sink;
    a->resume.carried = a->ledger.counts.carried;
    return t.r;
}

int outputs_resume(struct acquisition *a, const struct checkpoint *at,
                   struct err *e)
{
    if (open_images(a, at, e) < 0 || resume_ledger(a, at, e) < 0)
        return -1;
    return check_room(a, e);
}

/* ---------------------------------------------------------------- finish */

static int add_file(struct acquisition *a, const char *name,
                    const char *path, struct err *e)
{
    struct output_file *more = realloc(a->files, (a->nfiles + 1)
                                                 * sizeof(*more));
    struct output_file *f;

    if (!more)
        return err_nomem(e);
    a->files = more;
    f = &more[a->nfiles];
    memset(f, 0, sizeof(*f));
    f->name = strdup(name);
    f->path = strdup(path);
    a->nfiles++;
    if (!f->name || !f->path)
        return err_nomem(e);
    return file_usage(path, &f->allocated, &f->size, e);
}

unsigned outputs_file_hashes(const struct acquisition *a)
{
    unsigned strongest = hash_strongest(a->opt->hashes);

    if (a->opt->file_hashes)
        return a->opt->file_hashes;
    return strongest ? strongest : HASH_BIT(HASH_SHA256);
}

/* Small files are in every checksum file that there is. */
static unsigned paper_hashes(const struct acquisition *a)
{
    return a->opt->hashes | outputs_file_hashes(a);
}

/* A raw image in one piece has the digests of the stream; reading it once
 * more would prove that the disk returns what was written, which `ebsimg
 * verify' does on request. */
static bool is_whole_raw(const struct output_file *f)
{
    return artefact_is_stream(f->name);
}

static unsigned kinds_of(const struct acquisition *a,
                         const struct output_file *f)
{
    return artefact_is(f->name, ARTEFACT_MANIFEST) ? paper_hashes(a)
                                                   : outputs_file_hashes(a);
}

/* Most segments of a large image were hashed while others were written; the
 * last has to be read now: libewf goes back in it. */
static int hash_rest(struct acquisition *a, struct err *e)
{
    autofree struct hash_job *jobs = calloc(a->nfiles + 1, sizeof(*jobs));
    size_t n = 0, bad = 0;

    if (!jobs)
        return err_nomem(e);
    hash_ahead_end(a->ahead);
    for (size_t i = 0; i < a->nfiles; i++) {
        struct output_file *f = &a->files[i];

        if (is_whole_raw(f))
            f->hashes = a->stream;
        else if (!hash_ahead_take(a->ahead, f->path, &f->hashes))
            jobs[n++] = (struct hash_job){ f->path, kinds_of(a, f), f->size,
                                           &f->hashes, ERR_INIT };
    }
    hash_files(jobs, n, a->budget.threads, hash_ahead_watch(a->ahead));
    while (bad < n && jobs[bad].err.kind == ERR_NONE)
        bad++;
    if (bad == n)
        return 0;
    *e = jobs[bad].err;
    return -1;
}

static uint64_t bytes_to_hash(const struct acquisition *a)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < a->nfiles; i++)
        if (!is_whole_raw(&a->files[i]))
            sum += a->files[i].size;
    return sum;
}

static int hash_images(struct acquisition *a, struct err *e)
{
    struct file_progress progress;
    int r;

    file_progress_start(&progress,
                        progress_wanted(a->opt->progress, a->opt->quiet),
                        hash_ahead_watch(a->ahead), bytes_to_hash(a));
    r = hash_rest(a, e);
    file_progress_end(&progress);
    return r;
}

/* At this moment the stage holds the log, the manifest and the images. */
static int add_images(struct acquisition *a, struct err *e)
{
    char **names = stage_names(a->stage, e);
    int r = names ? 0 : -1;

    for (size_t i = 0; r == 0 && names[i]; i++) {
        const char *suffix = names[i] + strlen(file_name(a->prefix));
        autofree char *path = stage_path(a->stage, suffix);

        if (strcmp(suffix, LOG_SUFFIX) == 0)
            continue;
        if (!path)
            r = err_nomem(e);
        else
            r = add_file(a, names[i], path, e);
    }
    stage_names_free(names);
    return r;
}

int outputs_finish(struct acquisition *a, struct err *e)
{
    for (; a->nfinished < a->nsinks; a->nfinished++) {
        struct sink *k = a->sinks[a->nfinished];

        if (k->finish(k, &a->stream, e) < 0)
            return -1;
    }
    return add_images(a, e) < 0 ? -1 : hash_images(a, e);
}

int outputs_add_file(struct acquisition *a, const char *suffix,
                     struct err *e)
{
    autofree char *path = stage_path(a->stage, suffix);
    struct output_file *f;

    if (!path)
        return err_nomem(e);
    if (add_file(a, file_name(path), path, e) < 0)
        return -1;
    f = &a->files[a->nfiles - 1];
    return hash_file(f->path, paper_hashes(a), &f->hashes, e);
}

int outputs_write_sums(struct acquisition *a, struct err *e)
{
    autofree struct sums_file *list = calloc(a->nfiles + 1, sizeof(*list));

    if (!list)
        return err_nomem(e);
    for (size_t i = 0; i < a->nfiles; i++)
        list[i] = (struct sums_file){ a->files[i].name,
                                      a->files[i].hashes };
    for (int k = 0; k < HASH_KINDS; k++) {
        const char *suffix = artefact_sums_suffix((enum hash_kind)k);
        autofree char *path = NULL;

        if (!(paper_hashes(a) & HASH_BIT(k)))
            continue;
        path = stage_path(a->stage, suffix);

        if (!path)
            return err_nomem(e);
        if (sums_write(path, (enum hash_kind)k, &a->stream, list, a->nfiles,
                       e) < 0)
            return -1;
    }
    return 0;
}

void outputs_abandon(struct acquisition *a)
{
    for (size_t i = a->nfinished; i < a->nsinks; i++)
        a->sinks[i]->abandon(a->sinks[i]);
}

void outputs_free(struct acquisition *a)
{
    hash_ahead_free(a->ahead);
    a->ahead = NULL;
    for (size_t i = 0; i < a->nsinks; i++)
        a->sinks[i]->free(a->sinks[i]);
    a->nsinks = 0;
    for (size_t i = 0; i < a->nfiles; i++) {
        free(a->files[i].name);
        free(a->files[i].path);
    }
    free(a->files);
    a->files = NULL;
    a->nfiles = 0;
    run_record_free(&a->record);
}
