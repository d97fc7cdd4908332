/* Everything that one acquisition knows, from the command line to the
 * verdict.  The steps are spread over preflight.c (the questions before the
 * first block), outputs.c (the files), journal.c (the log) and report.c (what
 * the examiner reads). */
#ifndef EBSIMG_CMD_ACQUISITION_H
#define EBSIMG_CMD_ACQUISITION_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/log.h"
#include "audit/sums.h"
#include "aws/aws.h"
#include "base/clock.h"
#include "base/stage.h"
#include "cmd/outcome.h"
#include "cmd/progress.h"
#include "cmd/since.h"
#include "ebs/blockmap.h"
#include "ebs/ec2.h"
#include "ebs/fetch.h"
#include "ebs/sts.h"
#include "flow/ledger.h"
#include "flow/pipeline.h"
#include "image/deflate.h"

enum image_format { FORMAT_E01, FORMAT_RAW, FORMATS };

struct acquire_options {
    const char *output;
    const char *since;         /* an earlier image, or NULL */
    uint64_t audit;            /* of its blocks so many are fetched, too */
    bool chain;
    unsigned formats;          /* a bit for each enum image_format */
    unsigned hashes;           /* HASH_BIT()s */
    uint64_t segment_size;
    uint64_t chunk_size;
    int compression;           /* enum deflate_level */
    const char *case_number, *evidence_number, *examiner;
    const char *description, *notes;
    const char *region, *profile, *endpoint_url, *ca_bundle;
    uint64_t connections, rate, attempts, timeout, give_up;
    int on_unreadable;         /* 0 stop, 1 zero */
    int progress;              /* enum progress_style */
    bool json, quiet, verbose;
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
    uint64_t started, ended; /* wall ns */

    struct settings settings;
    struct aws *aws;
    struct sts_identity caller;
    bool caller_known;
    struct ec2_snapshot facts;
    bool facts_known;

    struct since since;
    struct blockmap *map;
    struct source *source;
    unsigned slots;
    uint64_t volume_size;
    uint32_t chunk_size;

    struct stage *stage;
    struct log *log;
    uint64_t throttle_told; /* monotonic; the fetch's thread alone */
    uint64_t throttles_held;
    struct sink *sinks[FORMATS + 1]; /* images, then the ledger */
    size_t nsinks;
    size_t nfinished;       /* so many of them are finished */
    struct ledger ledger;
    bool ledger_open;

    struct hashes stream;
    struct output_file *files; /* images first, then log, manifest ... */
    size_t nfiles;
    unsigned char log_head[LOG_HASH];
    enum outcome outcome;
    struct progress progress;
};

/* acquire.c: the whole way of one snapshot.  What `a' holds after it was
 * freed: outcome, digests, ledger's counts, log_head, since's numbers. */
int acquire_one(struct acquisition *a, const struct acquire_options *o,
                const char *snapshot, const char *prefix, struct err *e);

/* preflight.c: credentials, who we are, what the snapshot is, how large the
 * volume is.  Everything it learns goes into the log. */
int preflight_run(struct acquisition *a, struct err *e);
void preflight_free(struct acquisition *a);

/* outputs.c */
int outputs_open(struct acquisition *a, struct err *e);
int outputs_finish(struct acquisition *a, struct err *e); /* images whole */
void outputs_abandon(struct acquisition *a);
int outputs_add_file(struct acquisition *a, const char *suffix,
                     struct err *e);                /* hashes it */
int outputs_write_sums(struct acquisition *a, struct err *e);
void outputs_free(struct acquisition *a);

/* journal.c: the events of the log, see doc/log-format.md */
int journal_start(struct acquisition *a, struct err *e);
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
int journal_output(struct acquisition *a, struct err *e);
int journal_results(struct acquisition *a, struct err *e);
int journal_end(struct acquisition *a, const struct err *why,
                struct err *e);
/* Hooks of aws and fetch; a failing log is noticed at the next tick. */
void journal_aws_event(void *ctx, const struct aws_event *event);
void journal_unreadable(void *ctx, const struct slot *s,
                        const struct err *why);
void journal_progress(struct acquisition *a,
                      const struct pipeline_state *st);

/* report.c */
int report_write(struct acquisition *a, struct err *e); /* PREFIX.txt */
int report_show(struct acquisition *a, struct err *e);  /* stdout */

#endif
