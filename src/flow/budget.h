/* SPDX-License-Identifier: Apache-2.0 */
/* How many threads and how much memory a run takes: as --threads and
 * --memory say, or by the machine. */
#ifndef EBSIMG_FLOW_BUDGET_H
#define EBSIMG_FLOW_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/number.h"

/* What the options accept. */
#define BUDGET_THREADS_MAX 256
#define BUDGET_MEMORY_MIN (8 * MIB)
#define BUDGET_MEMORY_MAX (64 * GIB)

struct budget {
    unsigned threads;   /* workers */
    uint64_t memory;    /* bytes for blocks under way */
    unsigned slots;     /* of the window */
    unsigned packed;    /* of these, with room for deflated data */
};

/* 0 for `threads' is one for each of machine_processors(), 0 for `memory' a
 * default that grows with the threads up to a quarter of machine_memory().
 * `deflates': an E01 is written; `most': no more slots than that are of use. */
void budget_for_acquire(struct budget *r, uint64_t threads, uint64_t memory,
                      bool deflates, unsigned most);

/* What each of `n' runs at once has of that: of all of it together; without a
 * wish each has as much as one alone, up to the same part of the machine.  How
 * many there is memory for, at least one. */
unsigned budget_share(uint64_t *threads, uint64_t *memory, unsigned n);

/* The same for reading an image.  `inflates': it is an E01. */
void budget_for_verify(struct budget *r, uint64_t threads, uint64_t memory,
                     bool inflates);

#endif
