/* Everything that one acquisition knows, from the command line to the
 * verdict.  The steps are spread over preflight.c (the questions before the
 * first block), outputs.c (the files), save.c (checkpoints), resume.c (going
 * on with an earlier run), journal.c (the log) and report.c (what the
 * examiner reads). */
#ifndef EBSIMG_ACQUIRE_ACQUISITION_H
#define EBSIMG_ACQUIRE_ACQUISITION_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "acquire/controls.h"
#include "acquire/options.h"
#include "acquire/origin.h"
#include "acquire/resume.h"
#include "acquire/save.h"
#include "acquire/since.h"
#include "audit/log.h"
#include "audit/outcome.h"
#include "audit/run-record.h"
#include "audit/stage.h"
#include "audit/sums.h"
#include "aws/aws.h"
#include "base/clock.h"
#include "base/span.h"
#include "ebs/ec2.h"
#include "ebs/sts.h"
#include "fetch/blockmap.h"
#include "fetch/fetch.h"
#include "fetch/service.h"
#include "flow/budget.h"
#include "flow/ledger.h"
#include "flow/pipeline.h"
#include "image/deflate.h"
#include "show/progress.h"
#include "show/stats.h"

/* AWS: the name of a role's session has 64 characters at most. */
#define SESSION_NAME 65

/* What the run that is gone on with was begun with. */
struct kept {
    cJSON *line;               /* holds all texts */
    struct acquire_options options;
    struct origin origin;
};

struct output_file {
    char *name;             /* without folder */
    char *path;             /* while it is staged */
    uint64_t size;
    uint64_t allocated;
    struct hashes hashes;
};

struct acquisition {
    const struct acquire_options *opt;
    const char *snapshot;
    const char *prefix;
    const struct clock *clock;
    char role_session[SESSION_NAME]; /* the name of a role's */
    uint64_t started, ended; /* wall ns */
    uint64_t session;        /* wall ns, when this process began */
    struct span span;        /* of this process */
    unsigned clock_sets;     /* so often the wall clock was set meanwhile, */
    int64_t clock_set_s;     /* and by so much altogether */
    uint64_t run_ms;         /* of all sessions, as far as known; set by
                              * journal_end() */

    struct resuming resume;
    struct kept *kept;       /* NULL unless resumed */
    const char *begun_by;    /* version that began the run */
    struct saving save;

    struct settings settings;
    struct aws *aws;
    struct sts_identity caller;
    bool caller_known;
    struct ec2_snapshot facts;
    bool facts_known;

    struct since since;
    struct blockmap *map;
    struct source *source;
    struct budget budget;
    uint64_t volume_size;
    uint32_t chunk_size;

    struct stage *stage;
    struct log *log;
    uint64_t throttle_told; /* monotonic; the fetch's thread alone */
    uint64_t throttles_held;
    struct sink *sinks[FORMATS + 1]; /* images, then the ledger */
    size_t nsinks;
    size_t nfinished;       /* so many of them are finished */
    struct hash_ahead *ahead; /* from outputs_open() on */
    struct ledger ledger;
    bool ledger_open;

    struct hashes stream;
    struct output_file *files; /* images first, then log, manifest ... */
    size_t nfiles;
    struct log_place log_end; /* behind the closing record */
    struct controls controls; /* of an image that is whole */
    struct run_record record; /* the closed log, read back by report_write() */
    enum outcome outcome;
    struct progress progress;
    struct stats stats;
    struct aws_counts before; /* what aws had counted before the blocks */
    uint64_t woke, pulled;  /* monotonic ns: this process began, the last
                             * block was there */
};

/* run.c: the whole way of one snapshot.  What `a' holds after it was
 * freed: outcome, digests, ledger's counts, log_end, since's numbers. */
int acquire_one(struct acquisition *a, const struct acquire_options *o,
                const char *snapshot, const char *prefix, struct err *e);

/* The same for a run that did not finish, of the prefix o->resume; `snapshot'
 * may be NULL, else it must be that of the run. */
int acquire_unfinished(struct acquisition *a, struct acquire_options *o,
                       const char *snapshot, struct err *e);

/* An image that has its names, of which no session says that it made it: its
 * log must be sound, and its manifest what the service has, as far as
 * recheck_found() goes.  What is asked for that goes into `log'. */
int acquire_prove_found(const struct acquire_options *o, const char *snapshot,
                        const char *prefix, struct log *log, struct err *e);

/* preflight.c: credentials, who we are, what the snapshot is; then how large
 * the volume is, and the first page of its blocks, from a->resume.at on.
 * Everything it learns goes into the log. */
int preflight_run(struct acquisition *a, struct err *e);
/* What it has learned of where the blocks come from. */
struct origin preflight_origin(const struct acquisition *a);
int preflight_plan(struct acquisition *a, struct err *e);
/* All requests are made: keys are not renewed any more, and nothing more
 * about them comes into the log. */
void preflight_rest(struct acquisition *a);
void preflight_free(struct acquisition *a);

/* relist.c: lists the blocks a second time and compares them with the
 * manifest, which must be finished; sets CONTROL_SECOND_LIST.  Waits for as
 * long as any call may take; ERR_INTERRUPTED when somebody wants an end. */
int relist_compare(struct acquisition *a, struct err *e);

/* outputs.c */
int outputs_open(struct acquisition *a, struct err *e);
/* What an earlier run has left, cut to `at'; ERR_VERIFY when it is not what
 * it was. */
int outputs_resume(struct acquisition *a, const struct checkpoint *at,
                   struct err *e);
int outputs_finish(struct acquisition *a, struct err *e); /* images whole */
void outputs_abandon(struct acquisition *a);
int outputs_add_file(struct acquisition *a, const char *suffix,
                     struct err *e);                /* hashes it */
/* HASH_BIT()s of the digests that each file of the image has. */
unsigned outputs_file_hashes(const struct acquisition *a);
int outputs_write_sums(struct acquisition *a, struct err *e);
void outputs_free(struct acquisition *a);

/* pull.c: all blocks, from the source into the sinks.  Ends early when
 * somebody wants an end or the log cannot be written. */
int pull_run(struct acquisition *a, struct err *e);

/* judge.c: does the last of the controls, and sets a->controls and
 * a->outcome.  After outputs_finish(). */
int judge_image(struct acquisition *a, struct err *e);

/* closing.c */
/* The image is whole: writes what quotes it, closes the log, and gives all
 * files their names. */
int closing_good(struct acquisition *a, struct err *e);
/* The run failed: keeps what can be gone on with, and its log says why. */
void closing_bad(struct acquisition *a, const struct err *why);

/* journal.c (the beginning), journal-way.c (while blocks come) and
 * journal-end.c: the events of the log, see doc/log-format.md */
int journal_start(struct acquisition *a, struct err *e);
int journal_resume(struct acquisition *a, struct err *e);
int journal_rewind(struct acquisition *a, struct err *e);
int journal_origin(struct acquisition *a, const struct origin *now,
                   const struct origin_look *look, struct err *e);
int journal_readback(struct acquisition *a, const char *name, uint64_t began,
                     struct err *e);
int journal_credentials(struct acquisition *a, struct err *e);
int journal_caller(struct acquisition *a, const struct call *c,
                   struct err *e);
int journal_snapshot(struct acquisition *a, const struct call *c,
                     struct err *e);
/* `why' says why the earlier image is not used, when it is not. */
int journal_since(struct acquisition *a, const struct err *why,
                  struct err *e);
void journal_not_carried(struct acquisition *a, const struct slot *s);
int journal_warning(struct acquisition *a, const char *text, struct err *e);
int journal_source(struct acquisition *a, struct err *e);
int journal_folder(struct acquisition *a, struct err *e);
int journal_output(struct acquisition *a, struct err *e);
int journal_results(struct acquisition *a, struct err *e);
int journal_controls(struct acquisition *a, struct err *e);
int journal_end(struct acquisition *a, const struct err *why,
                struct err *e);
/* Hooks of aws and fetch; a failing log is noticed at the next tick. */
void journal_aws_event(void *ctx, const struct aws_event *event);
void journal_newer_keys(void *ctx, const struct credentials *c);
void journal_note(void *ctx, const char *text);
void journal_unreadable(void *ctx, const struct slot *s,
                        const struct err *why);
void journal_late(void *ctx, const struct slot *s, uint64_t milliseconds);
void journal_progress(struct acquisition *a,
                      const struct pipeline_state *st);

/* clockwatch.c: a warning when this machine's clock is far from the
 * service's, and one when it was set since the last look. */
int clockwatch_offset(struct acquisition *a, struct err *e);
int clockwatch_look(struct acquisition *a, struct err *e);

/* report.c: PREFIX.txt, made of the closed log; then the same on standard
 * output, or as JSON. */
int report_write(struct acquisition *a, struct err *e);
int report_show(struct acquisition *a, struct err *e);

#endif
