/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/limits.h"

#include <inttypes.h>

bool limits_are_a_reserve(const struct scan *s)
{
    return scan_lost_blocks(s) || s->hits.dropped || s->gave_up
        || s->unlisted || s->yara_gave_up
        || (s->allocation.choice == ALLOCATION_USED && s->allocation.notes);
}

static int add_usual(const struct scan *s, struct notes *n, struct err *e)
{
    if (notes_add(n, e, "what is encrypted or compressed (archives, packages, "
                  "swap, compressed files), and text in other encodings than "
                  "ASCII, UTF-8 and UTF-16LE, was not looked into, nor what "
                  "is in base64") < 0
        || notes_add(n, e, "a secret whose file lies in pieces on the disk, "
                     "or whose match is longer than %zu bytes, is not found",
                     ENGINE_MATCH_MAX) < 0)
        return -1;
    if (s->yara
        && notes_add(n, e, "a rule of YARA was asked of pieces of at most %zu "
                     "KiB and not of files: a condition over more, or a rule "
                     "without a string, tells nothing",
                     (size_t)WINDOW_BYTES >> 10) < 0)
        return -1;
    return notes_add(n, e, "what none of the %zu rules describes is not "
                     "found", s->rules.count + yara_rules(s->yara));
}

static int add_pair(const struct scan *s, struct notes *n, struct err *e)
{
    if (s->nsides != 2)
        return 0;
    if (notes_add(n, e, "only blocks that differ were looked into%s, so new, "
                  "gone and moved say nothing of the others",
                  s->diff.listed ? ", of those that EBS lists as changed"
                                 : "") < 0)
        return -1;
    if (!s->unlisted)
        return 0;
    return notes_add(n, e, "EBS does not list all that has changed: %" PRIu64
                     " neighbours of listed blocks differ too; --full looks "
                     "at every block", (uint64_t)s->unlisted);
}

/* What a file system cannot tell of is looked at in any case. */
static int add_choice(const struct scan *s, struct notes *n, struct err *e)
{
    const struct allocation *a = &s->allocation;
    uint64_t unknown = allocation_unknown_bytes(a);

    if (a->choice == ALLOCATION_ANY)
        return 0;
    if (notes_add(n, e, a->choice == ALLOCATION_FREE
                  ? "only what no file has was looked into: %" PRIu64
                    " bytes, which the file systems say are free"
                  : "what the file systems say is free, and no file has, was "
                    "not looked into: %" PRIu64 " bytes",
                  allocation_free_bytes(a)) < 0)
        return -1;
    if (a->choice == ALLOCATION_USED && a->notes
        && notes_add(n, e, "%" PRIu64 " parts or files could not be read "
                     "whole: blocks of theirs that are called free were not "
                     "looked into", a->notes) < 0)
        return -1;
    if (a->too_many)
        return notes_add(n, e, "used and free lie in too many pieces to be "
                         "kept: all was looked into");
    return unknown ? notes_add(n, e, "not attributed, and looked into with "
                               "--allocated and with --unallocated: %" PRIu64
                               " bytes that are in no file system, or in one "
                               "that does not tell", unknown) : 0;
}

static int add_cut(const struct scan *s, struct notes *n, struct err *e)
{
    uint64_t cut = 0;

    for (size_t i = 0; i < s->hits.count; i++)
        cut += s->hits.list[i].cut && !s->hits.list[i].hidden;
    return cut ? notes_add(n, e, "%" PRIu64 " hits in UTF-16LE are cut at a "
                           "character beyond ASCII: length and SHA-256 are of "
                           "a part", cut) : 0;
}

static int add_faults(const struct scan *s, struct notes *n, struct err *e)
{
    uint64_t lost = scan_lost_blocks(s);

    if (lost && notes_add(n, e, "%" PRIu64 " block%s could not be read",
                          lost, lost == 1 ? "" : "s") < 0)
        return -1;
    if (s->gave_up
        && notes_add(n, e, "at %" PRIu64 " places a rule took too long and "
                     "was left", (uint64_t)s->gave_up) < 0)
        return -1;
    if (s->yara_gave_up
        && notes_add(n, e, "at %" PRIu64 " pieces the rules of YARA took "
                     "longer than %d seconds, were too complex for what is "
                     "there or had too many matches, and not all was told",
                     s->yara_gave_up, YARA_SECONDS) < 0)
        return -1;
    if (s->hits.dropped
        && notes_add(n, e, "%" PRIu64 " hits were not kept: there is room "
                     "for %zu", s->hits.dropped, HITS_MAX) < 0)
        return -1;
    return 0;
}

int limits_add(const struct scan *s, struct notes *n, struct err *e)
{
    return add_faults(s, n, e) < 0 || add_cut(s, n, e) < 0
        || add_pair(s, n, e) < 0 || add_choice(s, n, e) < 0
        || add_usual(s, n, e) < 0 ? -1 : 0;
}
