/* SPDX-License-Identifier: Apache-2.0 */
/* What an acquisition is asked for.  The rows are here and not with the
 * command, because a checkpoint and a case log name them: a run that is gone on
 * with keeps the values of those that are `kept'. */
#ifndef EBSIMG_ACQUIRE_OPTIONS_H
#define EBSIMG_ACQUIRE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/option.h"
#include "fetch/choice.h"
#include "fetch/service.h"
#include "image/formats.h"
#include "seal/seal.h"

struct acquire_options {
    const char *output;
    struct options_given given; /* see option_given() */
    const char *papers;        /* prefix of the papers of --output - */
    bool streamed;             /* --output -, see streaming.h: `output' is then
                                * the prefix of the papers */
    int stream_fd;             /* where to; 0: nowhere */
    const char *resume;        /* prefix of the run to go on with */
    const char *since;         /* an earlier image, or NULL */
    uint64_t audit;            /* of its blocks so many are fetched, too */
    uint64_t recheck;          /* and so many of those that a run has kept */
    const char *cache;         /* folder of an earlier `serve', or NULL */
    bool other_account;        /* may go on with the run */
    bool chain;
    bool apart;                /* several images, none built upon another:
                                * of different volumes */
    struct target_choice which;
    const char *chosen;        /* how the snapshot was found, or NULL */
    unsigned formats;          /* FORMAT_BIT()s */
    unsigned hashes;           /* HASH_BIT()s */
    unsigned file_hashes;      /* of each file; 0: the strongest of hashes */
    uint64_t segment_size;
    uint64_t chunk_size;
    int compression;           /* enum deflate_level */
    const char *case_number, *evidence_number, *examiner;
    const char *description, *notes;
    struct service_options service; /* but for quiet and verbose */
    bool verify;               /* reads the image again when it is whole */
    bool seal_wanted;
    struct seal_options seal;  /* but for its ca_bundle */
    struct signer *signer;     /* by sealing_open() */
    uint64_t checkpoint;       /* seconds */
    uint64_t threads, memory;  /* 0: by the machine */
    const char *max_cost;      /* USD, or NULL */
    bool dry_run;
    int on_unreadable;         /* 0 stop, 1 zero */
    int progress;              /* enum progress_style */
    uint64_t at_once;          /* images of a case; 0: as many as are good */
    struct together *together; /* whose line shows the progress, or NULL */
    bool json, quiet, verbose, stats;
};

extern const struct option_row acquire_rows[];

/* As --help says. */
void acquire_defaults(struct acquire_options *o);

/* What fits together, once all is known; "none" of --hash becomes no digest.
 * ERR_USAGE. */
int acquire_check(struct acquire_options *o, struct err *e);
/* The same for a run that is gone on with: what it began with is not given
 * again. */
int acquire_check_resume(struct acquire_options *o, struct err *e);

/* HASH_BIT()s of the digests that each file of the image gets. */
unsigned acquire_file_hashes(const struct acquire_options *o);

/* Case fields that not every reader of an E01 shows. */
void acquire_warn_long_fields(const struct acquire_options *o);

#endif
