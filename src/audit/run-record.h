/* SPDX-License-Identifier: Apache-2.0 */
/* The record of one run: its whole acquisition log (doc/log-format.md), read
 * back, each fact with its type and text of any length.  The summary, `info',
 * `verify' and whatever builds upon an image read it here and nowhere else.
 *
 * A run of several sessions says most things anew each time: what counts is
 * what the last session said, and the last `end'.  What is kept of a log is
 * in proportion to its size, whoever wrote it. */
#ifndef EBSIMG_AUDIT_RUN_RECORD_H
#define EBSIMG_AUDIT_RUN_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "audit/hash.h"
#include "audit/logcheck.h"
#include "audit/manifest.h"
#include "audit/run-course.h"
#include "audit/run-session.h"
#include "base/err.h"
#include "base/text.h"

#define RUN_UNTOLD UINT64_MAX /* a number that the log does not tell */

/* Where an image went that is not beside its papers. */
#define RUN_STANDARD_OUTPUT "standard output"

enum run_answer { RUN_UNSAID, RUN_NO, RUN_YES };

struct run_file {
    char *name;               /* without folder */
    uint64_t size;            /* or RUN_UNTOLD */
    struct hashes hashes;
    uint64_t line;            /* of the log */
};

/* What a verdict was held against. */
struct run_control {
    char *name, *result, *why;
    char *stood_in_by, *reserve; /* "" where there is none */
};

/* A session that went on elsewhere, or as somebody else: "endpoint", say. */
struct run_move {
    uint64_t session;
    char *what, *then, *now;
};

/* Texts are never NULL: "" is one that the log does not tell. */
struct run_record {
    bool present;             /* all of it was read, and its chain is sound */
    struct logcheck check;
    struct run_course course;
    struct run_session session;
    /* The first member that is not of the kind that it must be: its line (0:
     * there is none), and "EVENT.MEMBER". */
    uint64_t odd_line;
    char odd[80];

    /* start */
    char *snapshot, *started, *formats, *hashes_asked, *file_hashes;
    char *case_number, *evidence_number, *examiner, *description, *notes;
    /* start, or the last resume */
    char *version, *build;
    char *host, *user;        /* where it ran, and who ran it */
    uint64_t summary_form;    /* of PREFIX.txt */
    struct run_move *moves;
    size_t nmoves;

    /* credentials, caller */
    char *keys_from, *region, *partition, *endpoint, *endpoint_ec2;
    char *endpoint_sts, *endpoint_sso, *endpoint_sso_oidc, *endpoint_signin;
    char *proxy, *proxy_ec2, *proxy_sts, *proxy_sso, *proxy_sso_oidc;
    char *proxy_signin, *ca_file, *ca_sha256;
    cJSON *unusual;           /* an array, or NULL: see run_list_has() */
    char *account, *arn;

    /* snapshot: what EC2 said, in whichever session */
    char *told_snapshot, *volume_id, *owner, *start_time, *told_description;
    char *kms_key;
    enum run_answer encrypted;
    uint64_t volume_gib, full_size;

    /* source, output, folder */
    uint64_t volume_size, block_size, sectors;
    bool clock_known;
    int64_t clock_offset;     /* seconds */
    char *prefix, *output_formats;
    char *image_at;           /* RUN_STANDARD_OUTPUT; "": beside its papers */
    char *filesystem;
    cJSON *not_had;
    enum run_answer others_may_write;

    /* since, recheck */
    char *since_image, *since_snapshot;
    enum run_answer since_used;
    uint64_t changed, added, removed, audited;
    char *since_case_log;     /* that vouches for the earlier image */
    uint64_t kept, rechecked;

    /* cache */
    char *cache_folder;
    enum run_answer cache_used;
    uint64_t cache_blocks, cache_compared;

    /* list, control */
    uint64_t listed, ec2_blocks;
    enum run_answer listed_again_the_same;
    struct run_control *controls;
    size_t ncontrols;

    /* file, manifest, hashes */
    struct run_file *files;
    size_t nfiles;
    const struct run_file **by_name; /* the same, sorted */
    bool manifest_known;
    unsigned char manifest_sha256[MANIFEST_HASH];
    unsigned char manifest_root[MANIFEST_HASH];
    uint64_t rows, stored, zero, unreadable, never_stored, carried;
    uint64_t cached;          /* of the rows: by an earlier access */
    char *medium, *medium_because, *medium_doubt; /* of the event `medium' */
    struct hashes stream;
    uint64_t hashed_bytes;

    /* the last end */
    char *verdict, *ended, *error;
    char *seal;               /* the name of the one that was to follow */
    uint64_t exit_status, milliseconds;
    uint64_t run_milliseconds, sessions_died; /* of all sessions */
    uint64_t clock_sets;
    cJSON *reserves;
};

/* Its image is not beside its papers, and never was. */
bool run_record_is_streamed(const struct run_record *r);

/* That of a log that there is not. */
void run_record_init(struct run_record *r);

/* Reads and checks the log: ERR_VERIFY when it is not whole, or its chain is
 * broken; *out has what stands before that.  ERR_USAGE when it cannot be
 * read.  Initializes *out; free it in every case. */
int run_record_read(const char *path, struct run_record *out, struct err *e);
void run_record_free(struct run_record *r);

/* The events of the log that was read into `r', in order, as far as it is
 * good, for what tells of single ones: `each' as in logcheck.h.  ERR_VERIFY
 * when it is not the same log any more. */
int run_record_events(const struct run_record *r, const char *path,
                      int (*each)(void *ctx, const cJSON *event,
                                  struct err *e),
                      void *ctx, struct err *e);

/* The file of that name, or NULL; of two of one name, one of them. */
const struct run_file *run_record_file(const struct run_record *r,
                                       const char *name);

/* A text by the name that it has in the log; "" is one that the log does not
 * tell, or that no record holds. */
const char *run_record_text(const struct run_record *r, const char *event,
                            const char *member);

/* The text is one of the array's. */
bool run_list_has(const cJSON *list, const char *text);
/* The i-th text of the array; NULL behind the last. */
const char *run_list_text(const cJSON *list, size_t i);
/* All of them, as JSON again. */
void run_list_json(const cJSON *list, struct text *t);

#endif
