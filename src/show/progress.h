/* SPDX-License-Identifier: Apache-2.0 */
/* Tells the person at the terminal (or the program behind it) how far a run
 * is, on standard error, once a second; and in either style whoever asks with
 * SIGUSR1 (status.h). */
#ifndef EBSIMG_SHOW_PROGRESS_H
#define EBSIMG_SHOW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum progress_style {
    PROGRESS_AUTO,   /* a bar on a terminal that can show one, else: */
    PROGRESS_BAR,
    PROGRESS_JSON,   /* one JSON object a line */
    PROGRESS_NONE,
    PROGRESS_LINES,  /* of text, one a minute; has no word */
};

extern const char *const progress_words[]; /* for the option's row */

struct progress {
    enum progress_style style;
    const char *what;      /* "snap-...": shown in front */
    uint64_t total;        /* bytes of the volume */
    uint64_t from;         /* ... that were done before it began */
    uint64_t began;        /* monotonic ns */
    uint64_t shown;        /* when the last line was shown */
    uint64_t last_blocks;  /* then */
    uint64_t told;         /* when the last one of text was, of LINES */
};

/* What a line says beyond the position. */
struct progress_facts {
    uint64_t done;         /* bytes of the volume */
    uint64_t blocks;       /* stored blocks done */
    uint64_t retries;
    uint64_t throttled;
    uint64_t hashed;       /* bytes that the digests have passed; 0: unknown */
    bool counted;          /* it is known how many are left: */
    uint64_t blocks_left;
    uint64_t digests;      /* ns that they took so far; 0: there are none */
    const char *waiting;   /* for what: "the network"; NULL: unknown */
};

/* Of a command's --progress and --quiet. */
enum progress_style progress_wanted(int progress, bool quiet);

void progress_start(struct progress *p, enum progress_style style,
                    const char *what, uint64_t total, uint64_t now);
/* Shows a line when a second has passed; true when it did, or could have. */
bool progress_show(struct progress *p, const struct progress_facts *f,
                   uint64_t now);
/* Ends the bar's line, so that other text begins on a new one. */
void progress_end(struct progress *p);

#endif
