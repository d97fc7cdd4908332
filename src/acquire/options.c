/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/options.h"

#include <stddef.h>
#include <string.h>

#include "audit/hash.h"
#include "flow/budget.h"
#include "image/deflate.h"
#include "show/progress.h"
#include "show/tell.h"

/* At most: the blocks come from one snapshot, which gives 1000 a second, and
 * an answer may take 80 ms. */
#define CONNECTIONS 80

static const char *const hash_words[] = {
    "md5", "sha1", "sha256", "none", NULL,
};
static const char *const file_hash_words[] = { "md5", "sha1", "sha256", NULL };
static const char *const format_also[FORMATS] = { [FORMAT_RAW] = "dd" };
#define HASH_NONE HASH_BIT(HASH_KINDS) /* where "none" stands */
static const char *const level_words[] = { "none", "fast", "best", NULL };
static const char *const unreadable_words[] = { "stop", "zero", NULL };

#define AT(field) offsetof(struct acquire_options, field)

/* Blocks that are fetched only to be compared, chosen at random: as many as
 * find a change of one in twenty nearly always, and take a second. */
#define SAMPLE 64
#define COUNT_MAX 1000000

const struct option_row acquire_rows[] = {
    { OPTION_GROUP, .help = "What to write" },
    { OPTION_TEXT, 'o', "output", "PREFIX",
      "the beginning of all file names, with folder, or a folder (default: the"
      " snapshot id, here); nothing that exists is overwritten.  - writes a raw"
      " image to standard output", AT(output) },
    { OPTION_TEXT, 0, "papers", "PREFIX",
      "with --output -: the beginning of the names of log, manifest, summary"
      " and checksums", AT(papers) },
    { OPTION_TEXT, 0, "resume", "PREFIX",
      "go on with the run or the chain of this prefix that did not finish; the"
      " snapshot, region and what is written are taken from there",
      AT(resume) },
    { OPTION_TEXT, 0, "cache", "DIR",
      "take from the cache of `ebsimg serve --cache DIR' what was fetched"
      " there", AT(cache) },
    { OPTION_COUNT, 0, "recheck", "N",
      "of the blocks that a resumed run has kept, or a cache, fetch so many"
      " once more and compare them: a number, or all (default 64)",
      AT(recheck), .min = 0, .max = COUNT_MAX },
    { OPTION_FLAG, 0, "allow-other-account", NULL,
      "resume with the keys of another account than the run was begun with",
      AT(other_account) },
    { OPTION_SET, 'f', "format", "LIST",
      "e01 or raw, or both in one pass: e01,raw (default e01)", AT(formats),
      format_words, .also = format_also,
      .kept = true },
    { OPTION_SET, 0, "hash", "LIST",
      "digests of the whole volume: md5,sha1,sha256 (default all three), or"
      " none for a raw image: its blocks are checked all the same",
      AT(hashes), hash_words,
      .kept = true },
    { OPTION_SET, 0, "file-hash", "LIST",
      "digests of each file of the image: md5,sha1,sha256 (default: the"
      " strongest of --hash; each one takes time)", AT(file_hashes),
      file_hash_words,
      .kept = true },
    { OPTION_SIZE, 0, "segment-size", "SIZE",
      "split the image into files of at most this size (default: E01 a"
      " sixteenth of the volume, at most 1500M; raw not split)",
      AT(segment_size), .min = 1 * MIB, .max = 8 * TIB,
      .kept = true },
    { OPTION_SIZE, 0, "chunk-size", "SIZE",
      "bytes that an E01 deflates together: 32K to 1M, a power of two"
      " (default 128K up to 2 TiB, 512K above)", AT(chunk_size),
      .min = 32 * KIB, .max = MIB,
      .kept = true },
    { OPTION_CHOICE, 0, "compression", "LEVEL",
      "of an E01: none, fast or best (default fast; best is slower)",
      AT(compression), level_words,
      .kept = true },
    { OPTION_TEXT, 0, "max-cost", "USD",
      "fetch nothing when requests and transfer would cost more, as `ebsimg"
      " plan' computes them", AT(max_cost) },
    { OPTION_FLAG, 0, "dry-run", NULL,
      "end before the first block, when all questions are answered; nothing"
      " is left", AT(dry_run) },
    { OPTION_FLAG, 0, "verify", NULL,
      "read the image again when it is whole, as `ebsimg verify' does, and"
      " enter the result into its custody log", AT(verify) },
    { OPTION_CHOICE, 0, "on-unreadable", "WHAT",
      "when a block cannot be read: stop, or fill it with zeros, record it"
      " and go on: zero (default stop)", AT(on_unreadable),
      unreadable_words },
    { OPTION_NUMBER, 0, "checkpoint", "SECONDS",
      "how much work a run that dies may lose at most (default 5)",
      AT(checkpoint), .min = 0, .max = 3600 },
    TARGET_ROWS(struct acquire_options, which),
    { OPTION_GROUP, .help = "Several points in time" },
    { OPTION_FLAG, 0, "chain", NULL,
      "make an image of each snapshot of the volume, or of each one named,"
      " oldest first: the first in full, the others from what EBS lists as"
      " changed", AT(chain) },
    { OPTION_NUMBER, 0, "at-once", "N",
      "make so many images of a case at the same time, at one rate for all"
      " (default 4; those of a chain one after the other)", AT(at_once),
      .min = 1, .max = 64 },
    { OPTION_TEXT, 0, "since", "IMAGE",
      "bring this earlier image up to the snapshot: fetch only what EBS lists"
      " as changed; the image stays as it is", AT(since) },
    { OPTION_COUNT, 0, "audit", "N",
      "fetch so many of the blocks, too, that EBS does not list, and compare"
      " them: a number, or all (default 64; when all are, nothing rests on"
      " the list)", AT(audit), .min = 0, .max = COUNT_MAX },
    { OPTION_GROUP, .help = "The case" },
    { OPTION_TEXT, 0, "case-number", "TEXT", "for image and log",
      AT(case_number),
      .kept = true },
    { OPTION_TEXT, 0, "evidence-number", "TEXT", "for image and log",
      AT(evidence_number),
      .kept = true },
    { OPTION_TEXT, 0, "examiner", "TEXT", "for image and log",
      AT(examiner),
      .kept = true },
    { OPTION_TEXT, 0, "description", "TEXT", "for image and log",
      AT(description),
      .kept = true },
    { OPTION_TEXT, 0, "notes", "TEXT", "for image and log", AT(notes),
      .kept = true },
    { OPTION_GROUP, .help = "The seal" },
    { OPTION_FLAG, 0, "seal", NULL,
      "sign what the run has left, at its end (read ebsimg-seal(1))",
      AT(seal_wanted) },
    SEAL_ROWS(struct acquire_options, seal),
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
      .min = 1, .max = BUDGET_THREADS_MAX },
    { OPTION_SIZE, 0, "memory", "SIZE",
      "for blocks under way, 8M or more (default 40M and 2M for each"
      " thread, at most a quarter of what there is)", AT(memory),
      .min = BUDGET_MEMORY_MIN, .max = BUDGET_MEMORY_MAX },
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
_Static_assert(sizeof(acquire_rows) / sizeof(*acquire_rows) <= OPTIONS_MAX,
               "OPTIONS_MAX is too small for so many options");

void acquire_defaults(struct acquire_options *o)
{
    *o = (struct acquire_options){
        .formats = FORMAT_BIT(FORMAT_E01),
        .hashes = HASH_ALL,
        .compression = DEFLATE_FAST,
        .checkpoint = 5,
        .audit = SAMPLE,
        .recheck = SAMPLE,
    };
    seal_defaults(&o->seal);
    service_defaults(&o->service);
    o->service.connections = CONNECTIONS;
}

int acquire_check(struct acquire_options *o, struct err *e)
{
    if ((o->hashes & HASH_NONE) && o->hashes != HASH_NONE)
        return err_set(e, ERR_USAGE, 0,
                       "--hash none cannot be combined with digests");
    o->hashes &= ~HASH_NONE;
    if (o->dry_run && o->chain)
        return err_set(e, ERR_USAGE, 0, "--dry-run is about one image; "
                       "ebsimg plan is about several");
    return formats_check_proof(o->formats, o->hashes, e);
}

/* What a run began with is not given again. */
int acquire_check_resume(struct acquire_options *o, struct err *e)
{
    if (o->output && strcmp(o->output, o->resume) != 0)
        return err_set(e, ERR_USAGE, 0, "--resume goes on with the files of "
                       "its own prefix: leave --output out");
    if (o->dry_run)
        return err_set(e, ERR_USAGE, 0, "--dry-run is about a run that "
                       "begins: leave --resume out");
    o->hashes &= ~HASH_NONE;
    return 0;
}

unsigned acquire_file_hashes(const struct acquire_options *o)
{
    unsigned strongest = hash_strongest(o->hashes);

    if (o->file_hashes)
        return o->file_hashes;
    return strongest ? strongest : HASH_BIT(HASH_SHA256);
}

/* All of it is in the image, and most programs show it; but who looks with
 * one that does not would find an image without a case. */
void acquire_warn_long_fields(const struct acquire_options *o)
{
    const struct { const char *option, *text; } fields[] = {
        { "case-number", o->case_number },
        { "evidence-number", o->evidence_number },
        { "examiner", o->examiner },
        { "description", o->description },
        { "notes", o->notes },
    };
    const char *lost;
    size_t shown = formats_field_shown(o->formats, &lost);

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (fields[i].text && strlen(fields[i].text) > shown)
            tell_warning("--%s has %zu bytes: when a case field has more than "
                         "%zu, the image is right, but %s", fields[i].option,
                         strlen(fields[i].text), shown, lost);
}
