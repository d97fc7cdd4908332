/* `ebsimg verify': is the image what was acquired?  Reads it once more and
 * compares it with everything that was recorded: the digests in the E01, the
 * log with its chain, the files as they were written, the block manifest. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/sums.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/scope.h"
#include "base/thread.h"
#include "cmd/commands.h"
#include "cmd/evidence.h"
#include "cmd/findings.h"
#include "cmd/outcome.h"
#include "cmd/progress.h"
#include "flow/compare.h"
#include "flow/pipeline.h"
#include "image/ewf.h"
#include "image/reader.h"

#define SLOTS 32
#define SIZE_UNKNOWN UINT64_MAX

struct verify_options {
    int progress;
    bool json, quiet, verbose;
};

#define AT(field) offsetof(struct verify_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_CHOICE, 0, "progress", "STYLE",
      "auto, bar, json or none (default auto: a bar on a terminal)",
      AT(progress), progress_words },
    { OPTION_FLAG, 0, "json", NULL, "the result as JSON", AT(json) },
    { OPTION_FLAG, 'q', "quiet", NULL, "only the verdict", AT(quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL,
      "name every block and range that differs, not only the first ones",
      AT(verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    memset(values, 0, sizeof(struct verify_options));
}

/* One verification on its way. */
struct verification {
    const struct verify_options *opt;
    struct evidence ev;
    struct findings found;
    unsigned alone;         /* images that nothing was there to compare with */
    /* of the image that is being read: */
    const char *image;
    bool compared;          /* there was something to compare it with */
    struct progress progress;
    uint64_t damaged;       /* bytes that could not be read */
};

/* --------------------------------------------------------- log and files */

/* How the acquisition ended, as its log says. */
static void judge_verdict(struct verification *v, const char *verdict)
{
    if (strcmp(verdict, outcome_name(OUTCOME_COMPLETE)) == 0)
        return;
    findings_add(&v->found,
                 strcmp(verdict, outcome_name(OUTCOME_UNREADABLE)) == 0
                     || strcmp(verdict, outcome_name(OUTCOME_DOUBT)) == 0
                     || strcmp(verdict, outcome_name(OUTCOME_LISTED)) == 0
                     ? FINDING_NOTE : FINDING_BAD, "log",
                 "says that the acquisition ended as %s", verdict);
}

static void check_log(struct verification *v)
{
    const struct evidence_log *l = &v->ev.log;
    struct err e = ERR_INIT;
    char head[2 * LOG_HASH + 1];

    if (!v->ev.log_path) {
        findings_add(&v->found, FINDING_NOTE, "log", "there is none");
        return;
    }
    if (evidence_read_log(&v->ev, &e) < 0) {
        findings_add(&v->found, FINDING_BAD, "log", "%s", e.msg);
        return;
    }
    hex_encode(head, l->check.head, LOG_HASH);
    findings_add(&v->found, FINDING_GOOD, "log",
                 "%" PRIu64 " events, chain unbroken, head %s",
                 l->check.events, head);
    if (!l->check.closed)
        findings_add(&v->found, FINDING_BAD, "log",
                     "has no closing record: the run died");
    else
        judge_verdict(v, l->verdict);
}

static bool same_hashes(const struct hashes *a, const struct hashes *b)
{
    for (int k = 0; k < HASH_KINDS; k++)
        if ((a->have & b->have & HASH_BIT(k))
            && memcmp(a->value[k], b->value[k], hash_sizes[k]) != 0)
            return false;
    return true;
}

/* The strongest digest that was recorded is enough for a file. */
static unsigned strongest(unsigned have)
{
    for (int k = HASH_KINDS - 1; k >= 0; k--)
        if (have & HASH_BIT(k))
            return HASH_BIT(k);
    return 0;
}

static void check_file(struct verification *v, const struct evidence_file *f,
                       const char *path)
{
    struct err e = ERR_INIT;
    struct hashes now = { 0 };
    uint64_t allocated, size;

    if (file_usage(path, &allocated, &size, &e) < 0) {
        findings_add(&v->found, FINDING_BAD, f->name, "%s", e.msg);
        return;
    }
    if (f->size != SIZE_UNKNOWN && size != f->size) {
        findings_add(&v->found, FINDING_BAD, f->name,
                     "has %" PRIu64 " bytes, %" PRIu64 " were written",
                     size, f->size);
        return;
    }
    if (!f->hashes.have) {
        findings_add(&v->found, FINDING_NOTE, f->name,
                     "has the size that was written; no digest was taken");
        return;
    }
    if (hash_file(path, strongest(f->hashes.have), &now, &e) < 0)
        findings_add(&v->found, FINDING_BAD, f->name, "%s", e.msg);
    else if (same_hashes(&now, &f->hashes))
        findings_add(&v->found, FINDING_GOOD, f->name,
                     "the file is as it was written");
    else
        findings_add(&v->found, FINDING_BAD, f->name,
                     "the file is not as it was written");
}

/* A raw image in one piece is read as an image below, once is enough. */
static bool is_read_later(const struct verification *v, const char *path)
{
    size_t n = strlen(path);

    for (size_t i = 0; v->ev.images[i]; i++)
        if (strcmp(path, v->ev.images[i]) == 0)
            return n > 3 && strcmp(path + n - 3, ".dd") == 0;
    return false;
}

/* Beside the prefix, whatever folder was recorded. */
static void check_beside(struct verification *v,
                         const struct evidence_file *f)
{
    const char *slash = strrchr(v->ev.prefix, '/');
    autotext struct text path = TEXT_INIT;

    if (slash)
        text_addn(&path, v->ev.prefix,
                  (size_t)(slash + 1 - v->ev.prefix));
    text_add(&path, file_name(f->name));
    if (!path.failed && !is_read_later(v, path.s))
        check_file(v, f, path.s);
}

static const struct evidence_file *in_log(const struct evidence_log *l,
                                          const char *name)
{
    for (size_t i = 0; i < l->nfiles; i++)
        if (strcmp(l->files[i].name, name) == 0)
            return &l->files[i];
    return NULL;
}

/* A line of a checksum file: the log has the same digest, or (for the log
 * itself and the summary) the file has it. */
static void check_sum(struct verification *v, const char *sums,
                      const struct sums_file *line)
{
    const struct evidence_file *f = in_log(&v->ev.log, line->name);
    struct evidence_file alone = { line->name, SIZE_UNKNOWN, line->hashes };

    if (!f)
        check_beside(v, &alone);
    else if (!same_hashes(&line->hashes, &f->hashes))
        findings_add(&v->found, FINDING_BAD, sums,
                     "has another digest of %s than the log", line->name);
}

static bool names_log(const struct verification *v, const struct sums *s)
{
    for (size_t i = 0; i < s->nfiles; i++)
        if (strcmp(s->files[i].name, file_name(v->ev.log_path)) == 0)
            return true;
    return false;
}

static void check_sums_of(struct verification *v, const char *path,
                          enum hash_kind kind)
{
    const char *name = file_name(path);
    struct sums s;
    struct err e = ERR_INIT;

    if (sums_read(path, kind, &s, &e) < 0)
        findings_add(&v->found, FINDING_BAD, name, "%s", e.msg);
    for (size_t i = 0; i < s.nfiles; i++)
        check_sum(v, name, &s.files[i]);
    if (!same_hashes(&s.stream, &v->ev.log.stream))
        findings_add(&v->found, FINDING_BAD, name,
                     "has another digest of the raw stream than the log");
    if (v->ev.log_path && !names_log(v, &s))
        findings_add(&v->found, FINDING_BAD, name, "does not name the log");
    sums_free(&s);
}

/* The checksum files hold what the log cannot: the digest of the log. */
static void check_sums(struct verification *v)
{
    bool any = false;

    for (int k = 0; k < HASH_KINDS; k++) {
        if (!v->ev.sums_paths[k])
            continue;
        any = true;
        check_sums_of(v, v->ev.sums_paths[k], (enum hash_kind)k);
    }
    if (v->ev.log_path && !any)
        findings_add(&v->found, FINDING_NOTE, "log",
                     "no checksum file vouches for its last line");
}

static void check_files(struct verification *v)
{
    for (size_t i = 0; i < v->ev.log.nfiles; i++)
        check_beside(v, &v->ev.log.files[i]);
    check_sums(v);
}

/* ---------------------------------------------------------------- images */

static int tick(void *ctx, const struct pipeline_state *st, struct err *e)
{
    struct verification *v = ctx;
    struct progress_facts f = { .done = st->written, .blocks = st->blocks };

    progress_show(&v->progress, &f, clock_monotonic(&clock_system));
    if (interrupted)
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted by signal %d",
                       (int)interrupted);
    return 0;
}

static void on_different(void *ctx, uint32_t index, const char *why)
{
    struct verification *v = ctx;

    findings_add(&v->found, FINDING_BAD, v->image,
                 "block %" PRIu32 " (bytes %" PRIu64 " to %" PRIu64 ") %s",
                 index, (uint64_t)index * BLOCK_SIZE,
                 (uint64_t)index * BLOCK_SIZE + BLOCK_SIZE - 1, why);
}

static void on_damaged(void *ctx, uint64_t offset, uint64_t len)
{
    struct verification *v = ctx;

    v->damaged += len;
    findings_add(&v->found, FINDING_BAD, v->image,
                 "bytes %" PRIu64 " to %" PRIu64 " cannot be read: the file "
                 "is damaged there", offset, offset + len - 1);
}

static void compare_hashes(struct verification *v, const char *with,
                           const struct hashes *now,
                           const struct hashes *then)
{
    for (int k = 0; k < HASH_KINDS; k++) {
        char a[2 * HASH_MAX + 1], b[2 * HASH_MAX + 1];

        if (!(now->have & then->have & HASH_BIT(k)))
            continue;
        v->compared = true;
        hashes_hex(now, (enum hash_kind)k, a);
        hashes_hex(then, (enum hash_kind)k, b);
        if (strcmp(a, b) == 0)
            findings_add(&v->found, FINDING_GOOD, v->image,
                         "%s %s, as %s says", hash_titles[k], a, with);
        else
            findings_add(&v->found, FINDING_BAD, v->image,
                         "%s is %s, but %s says %s", hash_titles[k], a, with,
                         b);
    }
}

static void compare_stored(struct verification *v, const char *path,
                           const struct hashes *now)
{
    struct ewf_info info;
    struct err e = ERR_INIT;

    if (ewf_info_read(path, &info, &e) < 0) {
        findings_add(&v->found, FINDING_BAD, v->image, "%s", e.msg);
        return;
    }
    if (info.stored.have)
        compare_hashes(v, "the image itself", now, &info.stored);
    else
        findings_add(&v->found, FINDING_BAD, v->image,
                     "holds no digest: it was not finished");
    ewf_info_free(&info);
}

/* What the manifest said, after the whole image has passed. */
static void conclude_manifest(struct verification *v, struct compare *c,
                              struct manifest_reader *rows)
{
    struct err e = ERR_INIT;
    unsigned char file[MANIFEST_HASH], root[MANIFEST_HASH];
    const struct evidence_log *l = &v->ev.log;

    if (c->sink.finish(&c->sink, NULL, &e) < 0) {
        findings_add(&v->found, FINDING_BAD, "manifest", "%s", e.msg);
        return;
    }
    v->compared = true;
    manifest_hashes(rows, file, root);
    if (l->present && (!l->manifest_known
                       || memcmp(file, l->manifest_sha256, 32) != 0))
        findings_add(&v->found, FINDING_BAD, "manifest",
                     "is not the one that the log names");
    if (c->counts.different)
        findings_add(&v->found, FINDING_BAD, v->image,
                     "%" PRIu64 " blocks do not fit the manifest",
                     c->counts.different);
    else
        findings_add(&v->found, FINDING_GOOD, v->image,
                     "%" PRIu64 " blocks have the provider's SHA-256, all "
                     "others are zeros", c->counts.same);
    if (c->counts.unreadable)
        findings_add(&v->found, FINDING_NOTE, v->image,
                     "%" PRIu64 " blocks were unreadable when it was "
                     "acquired and are zeros", c->counts.unreadable);
}

/* Reads the image through the pipeline. */
static int read_image(struct verification *v, const struct image *image,
                      struct compare *compare, struct hashes *now,
                      struct err *e)
{
    struct image_reader_config rc = {
        .image = image,
        .slots = SLOTS,
        .damaged = on_damaged,
        .damaged_ctx = v,
    };
    struct sink *sink = compare ? &compare->sink : NULL;
    struct source *source = image_reader_new(&rc, e);
    struct pipeline p = {
        .source = source,
        .sinks = &sink,
        .nsinks = compare ? 1 : 0,
        .hashes = v->ev.log.stream.have ? v->ev.log.stream.have : HASH_ALL,
        .workers = thread_processors(),
        .slots = SLOTS,
        .tick = tick,
        .ctx = v,
    };
    int r;

    if (!source)
        return -1;
    if (image->kind == IMAGE_E01)
        p.hashes |= HASH_BIT(HASH_MD5) | HASH_BIT(HASH_SHA1);
    progress_start(&v->progress, v->opt->quiet ? PROGRESS_NONE
                   : (enum progress_style)v->opt->progress, v->image,
                   image->size, clock_monotonic(&clock_system));
    r = pipeline_run(&p, now, e);
    progress_end(&v->progress);
    image_reader_free(source);
    return r;
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
        conclude_manifest(v, &compare, rows);
    compare_hashes(v, "the log", &now, &v->ev.log.stream);
    if (image->kind == IMAGE_E01)
        compare_stored(v, image->paths[0], &now);
    return 0;
}

static void check_size(struct verification *v, const struct image *image,
                       uint64_t said, const char *by)
{
    if (said && said != image->size)
        findings_add(&v->found, FINDING_BAD, v->image,
                     "holds %" PRIu64 " bytes, %s says %" PRIu64,
                     image->size, by, said);
}

static struct manifest_reader *open_manifest(struct verification *v,
                                             const struct image *image,
                                             struct err *e)
{
    struct manifest_header h;
    struct manifest_reader *rows = manifest_open(v->ev.manifest_path, &h, e);

    if (!rows)
        return NULL;
    check_size(v, image, h.volume_size, "the manifest");
    if (v->ev.log.snapshot[0] && strcmp(h.snapshot, v->ev.log.snapshot) != 0)
        findings_add(&v->found, FINDING_BAD, "manifest",
                     "belongs to %s, the log to %s", h.snapshot,
                     v->ev.log.snapshot);
    return rows;
}

static int check_opened(struct verification *v, const struct image *image,
                        struct err *e)
{
    struct manifest_reader *rows = NULL;
    int r;

    check_size(v, image, v->ev.log.volume_size, "the log");
    if (v->ev.manifest_path) {
        rows = open_manifest(v, image, e);
        if (!rows)
            return -1;
    } else if (v->ev.log.manifest_known) {
        findings_add(&v->found, FINDING_BAD, "manifest",
                     "is missing; the log names one");
    }
    r = check_content(v, image, rows, e);
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
    r = image_open(path, &image, e);
    if (r == 0) {
        r = check_opened(v, &image, e);
        image_close(&image);
    }
    if (r == 0 && !v->compared)
        v->alone++;
    if (r == 0 || e->kind != ERR_VERIFY)
        return r;
    findings_add(&v->found, FINDING_BAD, v->image, "%s", e->msg);
    return 0;
}

/* --------------------------------------------------------------- verdict */

static int verify(struct verification *v, const char *name, struct err *e)
{
    if (evidence_find(name, &v->ev, e) < 0)
        return -1;
    check_log(v);
    check_files(v);
    if (v->ev.surplus)
        findings_add(&v->found, FINDING_BAD, file_name(v->ev.prefix),
                     "has raw images of two kinds, .dd and .001: one is not "
                     "of this acquisition");
    for (size_t i = 0; v->ev.images[i]; i++)
        if (check_image(v, v->ev.images[i], e) < 0)
            return -1;
    if (v->alone && findings_bad(&v->found) == 0)
        return err_set(e, ERR_USAGE, 0,
                       "%s: there is nothing to compare it with: no digest "
                       "in the image, no log, no manifest beside it", name);
    return 0;
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct verify_options *opt = values;
    struct verification v = { .opt = opt };
    int r;

    (void)n;
    findings_init(&v.found, opt->verbose ? SIZE_MAX : 20);
    r = verify(&v, operands[0], e);
    if (r == 0)
        r = findings_show(&v.found, operands[0], opt->json, opt->quiet, e);
    if (r == 0 && findings_bad(&v.found))
        r = err_exit_status(ERR_VERIFY);
    findings_free(&v.found);
    evidence_free(&v.ev);
    return r;
}

const struct command command_verify = {
    .name = "verify",
    .arguments = "PREFIX|IMAGE",
    .summary = "Reads an image again and compares it with everything that"
               " was recorded",
    .options = options,
    .values_size = sizeof(struct verify_options),
    .defaults = defaults,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
