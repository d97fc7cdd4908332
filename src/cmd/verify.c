/* `ebsimg verify': is the image what was acquired?  Reads it once more and
 * compares it with everything that was recorded: the digests in the E01, the
 * log with its chain and its rules, the summary that the log makes, the files
 * as they were written, the block manifest. */
#include <string.h>

#include "base/file.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "base/thread.h"
#include "cmd/commands.h"
#include "cmd/file-progress.h"
#include "cmd/room.h"
#include "cmd/verification.h"
#include "cmd/verify-verdict.h"

#define AT(field) offsetof(struct verify_options, field)

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What it is compared with" },
    { OPTION_TEXT, 0, "head", "HEX",
      "the head of the log, as it was kept since the acquisition: 64 hex"
      " digits", AT(head) },
    { OPTION_GROUP, .help = "The machine" },
    { OPTION_NUMBER, 0, "threads", "N",
      "threads that inflate (default: one for each processor)", AT(threads),
      .min = 1, .max = ROOM_THREADS_MAX },
    { OPTION_SIZE, 0, "memory", "SIZE",
      "for blocks under way, 8M or more (default 24M and 4M for each"
      " thread, at most a quarter of what there is)", AT(memory),
      .min = ROOM_MEMORY_MIN, .max = ROOM_MEMORY_MAX },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_CHOICE, 0, "progress", "STYLE",
      "auto, bar, json or none (default auto: a bar on a terminal)",
      AT(progress), progress_words },
    { OPTION_FLAG, 0, "json", NULL, "the result as JSON", AT(json) },
    { OPTION_FLAG, 0, "stats", NULL, "and where the time went", AT(stats) },
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

int verify_interrupted(struct err *e)
{
    if (interrupted)
        return err_set(e, ERR_INTERRUPTED, 0, "interrupted by signal %d",
                       (int)interrupted);
    return 0;
}

static void *files_main(void *v)
{
    thread_stand_back(RANK_AT_LEISURE);
    verify_read_files(v);
    return NULL;
}

static void await_files(struct verification *v, pthread_t files)
{
    struct file_progress progress;

    file_progress_start(&progress,
                        progress_wanted(v->opt->progress, v->opt->quiet),
                        &v->reading, verify_files_bytes(v));
    thread_join(files);
    file_progress_end(&progress);
}

/* The files as such and what is in them, at the same time: each digest of a
 * stream takes one processor. */
static int read_all(struct verification *v, struct err *e)
{
    pthread_t files;
    int r;

    if (thread_start(&files, files_main, v, "files", e) < 0)
        return -1;
    r = verify_read_images(v, e);
    await_files(v, files);
    findings_append(&v->found, &v->files);
    findings_append(&v->found, &v->images);
    return r;
}

static void check_set(struct verification *v)
{
    const char *name = file_name(v->ev.prefix);

    if (!v->ev.images[0])
        findings_add(&v->found, FINDING_BAD, name,
                     "has a log, but no image beside it");
    if (v->ev.surplus)
        findings_add(&v->found, FINDING_CHANGED, name,
                     "has raw images of two kinds, .dd and .001: one is not "
                     "of this acquisition");
}

static int check_head(const char *head, struct err *e)
{
    unsigned char bytes[LOG_HASH];

    if (!head || hex_decode(bytes, sizeof(bytes), head) == 0)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--head takes the head of a log, 64 hex "
                   "digits, not %s", head);
}

static int verify(struct verification *v, const char *name, struct err *e)
{
    if (check_head(v->opt->head, e) < 0
        || evidence_find(name, &v->ev, e) < 0)
        return -1;
    verify_read_log(v);
    if (verify_read_summary(v, e) < 0 || verify_read_manifest(v, e) < 0
        || verify_read_sums(v, e) < 0)
        return -1;
    check_set(v);
    if (read_all(v, e) < 0 || findings_broken(&v->found, e) < 0)
        return -1;
    if (v->alone && findings_bad(&v->found) == 0)
        return err_set(e, ERR_USAGE, 0,
                       "%s: there is nothing to compare it with: no digest "
                       "in the image, no log, no manifest beside it", name);
    return 0;
}

/* The exit status, or -1. */
static int conclude(struct verification *v, const char *name, struct err *e)
{
    const struct verify_options *opt = v->opt;
    const struct verify_verdict verdict = {
        .name = name,
        .log = v->ev.log_path != NULL,
        .log_sound = v->log_sound,
        .unfinished = v->unfinished,
        .head = v->head,
        .vouched = v->in_case_log,
        .head_compared = v->head_compared,
        .compared = v->ev.images[0] && v->alone == 0,
        .unreadable = v->unreadable,
        .reserves = v->ev.log.reserves,
    };

    if (verify_verdict_show(&verdict, &v->found,
                            opt->stats ? &v->stats : NULL, opt->json,
                            opt->quiet, e) < 0)
        return -1;
    return verify_verdict_status(&verdict, &v->found);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct verify_options *opt = values;
    struct verification v = { .opt = opt };
    int r;

    (void)n;
    findings_init(&v.found, opt->verbose ? SIZE_MAX : 20);
    findings_init(&v.files, opt->verbose ? SIZE_MAX : 20);
    findings_init(&v.images, opt->verbose ? SIZE_MAX : 20);
    r = verify(&v, operands[0], e);
    if (r == 0)
        r = conclude(&v, operands[0], e);
    findings_free(&v.found);
    findings_free(&v.files);
    findings_free(&v.images);
    verify_free_files(&v);
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
