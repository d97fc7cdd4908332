/* `ebsimg acquire': a snapshot becomes an image with its log. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "cmd/acquisition.h"
#include "cmd/commands.h"
#include "cmd/recheck.h"
#include "cmd/series.h"
#include "ebs/requests.h"

/* At most: the blocks come from one snapshot, which gives 1000 a second, and
 * an answer may take 80 ms. */
#define CONNECTIONS 80

/* Bytes of a case field that libewf 2014's ewfinfo shows; of a longer one it
 * fails, and shows none of the fields. */
#define CASE_FIELD_SHOWN 510

/* --------------------------------------------------------------- options */

static const char *const format_words[] = { "e01", "raw", NULL };
static const char *const hash_words[] = {
    "md5", "sha1", "sha256", "none", NULL,
};
static const char *const file_hash_words[] = { "md5", "sha1", "sha256", NULL };
#define HASH_NONE HASH_BIT(HASH_KINDS) /* where "none" stands */
static const char *const level_words[] = { "none", "fast", "best", NULL };
static const char *const unreadable_words[] = { "stop", "zero", NULL };

#define AT(field) offsetof(struct acquire_options, field)

/* Blocks that are fetched only to be compared, chosen at random: as many as
 * find a change of one in twenty nearly always, and take a second. */
#define SAMPLE 64
#define COUNT_MAX 1000000

static const struct option_row options[] = {
    { OPTION_GROUP, .help = "What to write" },
    { OPTION_TEXT, 'o', "output", "PREFIX",
      "the beginning of all file names, with folder (default: the snapshot"
      " id, here); nothing that exists is overwritten", AT(output) },
    { OPTION_TEXT, 0, "resume", "PREFIX",
      "go on with the run or the chain of this prefix that did not finish; the"
      " snapshot, region and what is written are taken from there",
      AT(resume) },
    { OPTION_COUNT, 0, "recheck", "N",
      "of the blocks that a resumed run has kept, fetch so many once more and"
      " compare them: a number, or all (default 64)", AT(recheck), .min = 0,
      .max = COUNT_MAX },
    { OPTION_FLAG, 0, "allow-other-account", NULL,
      "resume with the keys of another account than the run was begun with",
      AT(other_account) },
    { OPTION_SET, 'f', "format", "LIST",
      "e01 or raw, or both in one pass: e01,raw (default e01)", AT(formats),
      format_words },
    { OPTION_SET, 0, "hash", "LIST",
      "digests of the whole volume: md5,sha1,sha256 (default all three), or"
      " none for a raw image: its blocks are checked all the same",
      AT(hashes), hash_words },
    { OPTION_SET, 0, "file-hash", "LIST",
      "digests of each file of the image: md5,sha1,sha256 (default: the"
      " strongest of --hash; each one takes time)", AT(file_hashes),
      file_hash_words },
    { OPTION_SIZE, 0, "segment-size", "SIZE",
      "split the image into files of at most this size (default: E01 a"
      " sixteenth of the volume, at most 1500M; raw not split)",
      AT(segment_size), .min = 1 * MIB, .max = 8 * TIB },
    { OPTION_SIZE, 0, "chunk-size", "SIZE",
      "bytes that an E01 deflates together: 32K to 1M, a power of two"
      " (default 128K up to 2 TiB, 512K above)", AT(chunk_size),
      .min = 32 * KIB, .max = MIB },
    { OPTION_CHOICE, 0, "compression", "LEVEL",
      "of an E01: none, fast or best (default fast; best is slower)",
      AT(compression), level_words },
    { OPTION_CHOICE, 0, "on-unreadable", "WHAT",
      "when a block cannot be read: stop, or fill it with zeros, record it"
      " and go on: zero (default stop)", AT(on_unreadable),
      unreadable_words },
    { OPTION_NUMBER, 0, "checkpoint", "SECONDS",
      "how much work a run that dies may lose at most (default 5)",
      AT(checkpoint), .min = 0, .max = 3600 },
    { OPTION_GROUP, .help = "Several points in time" },
    { OPTION_FLAG, 0, "chain", NULL,
      "make an image of each snapshot of the volume, or of each one named,"
      " oldest first: the first in full, the others from what EBS lists as"
      " changed", AT(chain) },
    { OPTION_TEXT, 0, "since", "IMAGE",
      "bring this earlier image up to the snapshot: fetch only what EBS lists"
      " as changed; the image stays as it is", AT(since) },
    { OPTION_COUNT, 0, "audit", "N",
      "fetch so many of the blocks, too, that EBS does not list, and compare"
      " them: a number, or all (default 64; when all are, nothing rests on"
      " the list)", AT(audit), .min = 0, .max = COUNT_MAX },
    { OPTION_GROUP, .help = "The case" },
    { OPTION_TEXT, 0, "case-number", "TEXT", "for image and log",
      AT(case_number) },
    { OPTION_TEXT, 0, "evidence-number", "TEXT", "for image and log",
      AT(evidence_number) },
    { OPTION_TEXT, 0, "examiner", "TEXT", "for image and log",
      AT(examiner) },
    { OPTION_TEXT, 0, "description", "TEXT", "for image and log",
      AT(description) },
    { OPTION_TEXT, 0, "notes", "TEXT", "for image and log", AT(notes) },
    { OPTION_GROUP, .help = "The service" },
    { OPTION_TEXT, 0, "region", "REGION",
      "where the snapshot is (default: environment, profile; never guessed)",
      AT(service.region) },
    { OPTION_TEXT, 0, "profile", "NAME",
      "whose keys to use (default: environment, AWS_PROFILE, \"default\")",
      AT(service.profile) },
    IDENTITY_ROWS(struct acquire_options, service),
    { OPTION_TEXT, 0, "endpoint-url", "URL",
      "send all calls there instead of to AWS", AT(service.endpoint_url) },
    { OPTION_TEXT, 0, "ca-bundle", "FILE",
      "certificates to trust, PEM (default: the system's)",
      AT(service.ca_bundle) },
    { OPTION_NUMBER, 0, "connections", "N",
      "blocks in flight at most (default 80); as many as bring something are"
      " used", AT(service.connections), .min = 1, .max = 256 },
    { OPTION_NUMBER, 0, "rate", "N",
      "block requests a second at most (default 1000, the service's limit"
      " for one snapshot)", AT(service.rate), .min = 1, .max = 100000 },
    { OPTION_NUMBER, 0, "attempts", "N",
      "tries for one block before it counts as unreadable (default 8)",
      AT(service.attempts), .min = 1, .max = 100 },
    { OPTION_NUMBER, 0, "timeout", "SECONDS",
      "try a request again when nothing has come for so long (default 20)",
      AT(service.timeout), .min = 1, .max = 600 },
    { OPTION_NUMBER, 0, "give-up", "SECONDS",
      "end the run when no request has succeeded for so long (default 300)",
      AT(service.give_up), .min = 1, .max = 86400 },
    { OPTION_GROUP, .help = "The machine" },
    { OPTION_NUMBER, 0, "threads", "N",
      "threads that deflate (default: one for each processor)", AT(threads),
      .min = 1, .max = ROOM_THREADS_MAX },
    { OPTION_SIZE, 0, "memory", "SIZE",
      "for blocks under way, 8M or more (default 40M and 2M for each"
      " thread, at most a quarter of what there is)", AT(memory),
      .min = ROOM_MEMORY_MIN, .max = ROOM_MEMORY_MAX },
    { OPTION_GROUP, .help = "What to show" },
    { OPTION_CHOICE, 0, "progress", "STYLE",
      "auto, bar, json or none (default auto: a bar on a terminal)",
      AT(progress), progress_words },
    { OPTION_FLAG, 0, "json", NULL, "the summary as JSON", AT(json) },
    { OPTION_FLAG, 0, "stats", NULL,
      "with the summary, where the time went", AT(stats) },
    { OPTION_FLAG, 'q', "quiet", NULL,
      "no progress, no warnings, no summary (but --json's)", AT(quiet) },
    { OPTION_FLAG, 'v', "verbose", NULL,
      "tell every retry on standard error", AT(verbose) },
    OPTIONS_END,
};

static void defaults(void *values)
{
    struct acquire_options *o = values;

    *o = (struct acquire_options){
        .formats = 1u << FORMAT_E01,
        .hashes = HASH_ALL,
        .compression = DEFLATE_FAST,
        .checkpoint = 5,
        .audit = SAMPLE,
        .recheck = SAMPLE,
    };
    service_defaults(&o->service);
    o->service.connections = CONNECTIONS;
}

/* ------------------------------------------------------------------- run */

/* From the first block to the last digest. */
static int make_image(struct acquisition *a, struct err *e)
{
    if (journal_folder(a, e) < 0 || journal_output(a, e) < 0
        || pull_run(a, e) < 0 || outputs_finish(a, e) < 0
        || judge_image(a, e) < 0 || journal_results(a, e) < 0)
        return -1;
    return journal_controls(a, e);
}

static int start(struct acquisition *a, struct err *e)
{
    autofree char *log_path = stage_path(a->stage, ".log.jsonl");

    if (!log_path)
        return err_nomem(e);
    a->log = log_create(log_path, a->clock, e);
    if (!a->log || journal_start(a, e) < 0 || preflight_run(a, e) < 0
        || preflight_plan(a, e) < 0)
        return -1;
    return outputs_open(a, e) < 0 || save_begin(a, e) < 0 ? -1 : 0;
}

/* First the questions: whether the keys are good is known sooner than
 * whether the image is. */
static int go_on(struct acquisition *a, struct err *e)
{
    if (resume_log(a, e) < 0 || preflight_run(a, e) < 0
        || resume_outputs(a, e) < 0)
        return -1;
    return preflight_plan(a, e);
}

static int acquire(struct acquisition *a, struct err *e)
{
    if ((a->resume.on ? go_on(a, e) : start(a, e)) < 0
        || make_image(a, e) < 0 || closing_good(a, e) < 0) {
        closing_bad(a, e);
        return -1;
    }
    save_close(a);
    return 0;
}

/* Of a chain there is one table at its end. */
static bool is_shown(const struct acquire_options *o)
{
    return o->json || (!o->quiet && (!o->chain || o->stats));
}

static int acquire_and_show(struct acquisition *a, struct err *e)
{
    int r = acquire(a, e);

    if (r == 0 && is_shown(a->opt))
        r = report_show(a, e);
    outputs_free(a);
    preflight_free(a);
    return r;
}

/* Every reader of an E01 checks its MD5; one without cannot be checked. */
static int check_e01_hashes(const struct acquire_options *o, struct err *e)
{
    if (!(o->formats & (1u << FORMAT_E01))
        || (o->hashes & HASH_BIT(HASH_MD5)))
        return 0;
    return err_set(e, ERR_USAGE, 0,
                   "an E01 is checked by its MD5: add md5 to --hash");
}

static int check_options(struct acquire_options *o, struct err *e)
{
    if (!(o->hashes & HASH_NONE))
        return check_e01_hashes(o, e);
    if (o->hashes != HASH_NONE)
        return err_set(e, ERR_USAGE, 0,
                       "--hash none cannot be combined with digests");
    if (o->formats & (1u << FORMAT_E01))
        return err_set(e, ERR_USAGE, 0,
                       "an E01 holds the digest that proves it: --hash none "
                       "is for --format raw alone");
    o->hashes = 0;
    return 0;
}

/* All of it is in the image, and other programs show it; but who looks with
 * ewfinfo would find an image without a case. */
static void warn_long_fields(const struct acquire_options *o)
{
    const struct { const char *option, *text; } fields[] = {
        { "case-number", o->case_number },
        { "evidence-number", o->evidence_number },
        { "examiner", o->examiner },
        { "description", o->description },
        { "notes", o->notes },
    };

    if (o->quiet || !(o->formats & (1u << FORMAT_E01)))
        return;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (fields[i].text && strlen(fields[i].text) > CASE_FIELD_SHOWN)
            fprintf(stderr, "ebsimg: warning: --%s has %zu bytes: when a "
                    "case field has more than %d, the image is right, but "
                    "the ewfinfo of libewf 2014 shows no case fields at "
                    "all\n", fields[i].option, strlen(fields[i].text),
                    CASE_FIELD_SHOWN);
}

static void begin(struct acquisition *a, const struct acquire_options *o,
                  const char *snapshot)
{
    *a = (struct acquisition){
        .opt = o,
        .snapshot = snapshot,
        .clock = &clock_system,
        .begun_by = PACKAGE_VERSION,
    };
    a->started = a->session = clock_wall(a->clock);
    a->woke = clock_monotonic(a->clock);
    span_begin(&a->span, a->clock);
}

static void make_room(struct acquisition *a)
{
    const struct acquire_options *o = a->opt;

    room_for_acquire(&a->room, o->threads, o->memory,
                     o->formats & (1u << FORMAT_E01),
                     fetch_slots((unsigned)o->service.connections));
}

static int run_opened(struct acquisition *a, struct err *e)
{
    int r;

    make_room(a);
    r = acquire_and_show(a, e);
    stage_free(a->stage);
    a->stage = NULL;
    return r;
}

int acquire_one(struct acquisition *a, const struct acquire_options *o,
                const char *snapshot, const char *prefix, struct err *e)
{
    begin(a, o, snapshot);
    a->prefix = prefix;
    a->stage = stage_open(prefix, e);
    return a->stage ? run_opened(a, e) : -1;
}

int acquire_prove_found(const struct acquire_options *o, const char *snapshot,
                        const char *prefix, struct log *log, struct err *e)
{
    struct acquisition a;
    int r;

    begin(&a, o, snapshot);
    a.prefix = prefix;
    a.log = log;
    make_room(&a);
    r = preflight_run(&a, e) < 0 || recheck_found(&a, e) < 0
        ? err_in(e, "the image %s", prefix) : 0;
    preflight_free(&a);
    return r;
}

static int run_new(const struct acquire_options *o, const char *snapshot,
                   struct err *e)
{
    struct acquisition a;

    if (!snapshot_id_ok(snapshot))
        return err_set(e, ERR_USAGE, 0,
                       "%s is not a snapshot id; one looks like "
                       "snap-0123456789abcdef0", snapshot);
    if (acquire_one(&a, o, snapshot, o->output ? o->output : snapshot, e)
        < 0)
        return -1;
    return outcome_status(a.outcome, e);
}

/* ---------------------------------------------------------------- resume */

/* What a run began with is not given again. */
static int check_resume(struct acquire_options *o, struct err *e)
{
    if (o->output && strcmp(o->output, o->resume) != 0)
        return err_set(e, ERR_USAGE, 0, "--resume goes on with the files of "
                       "its own prefix: leave --output out");
    o->hashes &= ~HASH_NONE;
    return 0;
}

static int resume_chain(struct acquire_options *o, char **operands, int n,
                        struct err *e)
{
    if (o->since)
        return err_set(e, ERR_USAGE, 0, "each image of a chain builds upon "
                       "the one before: leave --since out");
    return series_resume(o, operands, (size_t)n, e);
}

static int open_unfinished(struct acquisition *a, struct acquire_options *o,
                           struct err *e)
{
    const char *snapshot = a->snapshot;

    a->prefix = o->resume;
    if (resume_open(a, o, e) < 0)
        return -1;
    if (snapshot && strcmp(snapshot, a->snapshot) != 0)
        return err_set(e, ERR_USAGE, 0, "the run in %s is of %s, not of %s",
                       stage_folder(a->stage), a->snapshot, snapshot);
    /* Not its endpoint: who can write in the folder would be sent the keys'
     * signatures. */
    if (!o->service.region)
        o->service.region = a->kept->origin.region;
    return 0;
}

int acquire_unfinished(struct acquisition *a, struct acquire_options *o,
                       const char *snapshot, struct err *e)
{
    int r;

    begin(a, o, snapshot);
    r = open_unfinished(a, o, e);
    if (r == 0)
        r = run_opened(a, e);
    resume_free(a);
    stage_free(a->stage);
    return r;
}

static int run_unfinished(struct acquire_options *o, const char *snapshot,
                          struct err *e)
{
    struct acquisition a;

    if (acquire_unfinished(&a, o, snapshot, e) < 0)
        return -1;
    return outcome_status(a.outcome, e);
}

static int resume(struct acquire_options *o, char **operands, int n,
                  struct err *e)
{
    if (check_resume(o, e) < 0)
        return -1;
    if (o->chain || series_is_unfinished(o->resume))
        return resume_chain(o, operands, n, e);
    if (n > 1)
        return err_set(e, ERR_USAGE, 0, "too many snapshots: --resume goes on "
                       "with one image");
    return run_unfinished(o, n ? operands[0] : NULL, e);
}

static int run(void *values, char **operands, int n, struct err *e)
{
    struct acquire_options *o = values;

    if (o->resume)
        return resume(o, operands, n, e);
    if (n == 0)
        return err_set(e, ERR_USAGE, 0, "acquire: SNAPSHOT is missing; see "
                       "ebsimg acquire --help");
    if (check_options(o, e) < 0)
        return -1;
    warn_long_fields(o);
    if (o->chain)
        return series_run(o, operands, (size_t)n, e);
    if (n > 1)
        return err_set(e, ERR_USAGE, 0, "too many snapshots for one image; "
                       "--chain makes an image of each");
    return run_new(o, operands[0], e);
}

const struct command command_acquire = {
    .name = "acquire",
    .arguments = "SNAPSHOT...",
    .summary = "Pulls every block of a snapshot into an E01 or raw image"
               " with its log",
    .options = options,
    .values_size = sizeof(struct acquire_options),
    .given = AT(given),
    .defaults = defaults,
    .min_operands = 0,
    .max_operands = SERIES_MAX,
    .run = run,
};
