/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes of a volume its file systems say are free, and no file has: for
 * a scan of these alone, or of all others.
 *
 * The file systems are read by a process of its own (files/session.h).  What
 * it cannot tell of (encrypted, of an unknown kind or feature, damaged; and
 * what is outside of all file systems) is neither, and is looked at in both
 * cases.  All runs on one thread, before the lanes start; only
 * allocation_wants() is for any thread. */
#ifndef EBSIMG_SCAN_ALLOCATION_H
#define EBSIMG_SCAN_ALLOCATION_H

#include "files/session.h"
#include "flow/blockset.h"
#include "scan/ranges.h"

enum allocation_choice { ALLOCATION_ANY, ALLOCATION_USED, ALLOCATION_FREE };

struct allocation {
    enum allocation_choice choice;
    struct session session;
    uint64_t size;             /* of the volume */
    struct ranges free;        /* and nobody's */
    struct ranges unknown;     /* told as that, or outside of all */
    uint64_t notes;            /* parts and files that are not all known */
    bool too_many;             /* pieces: nothing is known of any */
    /* The walk fills these: */
    struct ranges told_free, used, all;
};

/* Before keys are read; nothing for ALLOCATION_ANY. */
int allocation_start(struct allocation *a, enum allocation_choice c,
                     struct err *e);
/* Walks through the volume, whose reader outlives the session. */
int allocation_read(struct allocation *a, const struct volume *v,
                    struct volume_reader *reader, struct err *e);
/* Takes from `core' the blocks without a byte that is wanted. */
int allocation_narrow(const struct allocation *a, struct blockset **core,
                      struct err *e);
/* Is a byte of these wanted? */
bool allocation_wants(const struct allocation *a, uint64_t from, uint64_t to);
/* How many bytes are free, and how many are not attributed. */
uint64_t allocation_free_bytes(const struct allocation *a);
uint64_t allocation_unknown_bytes(const struct allocation *a);
/* As session_close(). */
int allocation_close(struct allocation *a, struct err *e);

#endif
