/* SPDX-License-Identifier: Apache-2.0 */
/* What the lists say before a block is fetched: which blocks each side
 * stores, which EBS lists as changed, and what the comparison will cost. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/verdict.h"
#include "base/number.h"
#include "compare/diff.h"
#include "fetch/survey.h"
#include "show/tell.h"

/* EBS, us-east-1 in 2023: a thousand list calls, and a thousand blocks. */
#define USD_LISTS 0.0006
#define USD_BLOCKS 0.003

#define REMEDY "; --full compares every block that either of them stores"

/* ---------------------------------------------------------------- stored */

static bool both(const struct diff *d, bool snapshots)
{
    return d->sides[0].volume.is_snapshot == snapshots
        && d->sides[1].volume.is_snapshot == snapshots;
}

/* EBS has a list of changes, and it must agree with those of the stored
 * blocks.  Where there is none, a block that a list leaves out would be taken
 * for zeros, so that list is asked for twice. */
static bool has_changes(const struct diff *d)
{
    return both(d, true) && !d->opt->full;
}

/* --------------------------------------------------- two snapshots, listed */

static int check_sizes(const struct diff *d, struct err *e)
{
    const struct volume *a = &d->sides[0].volume;
    const struct volume *b = &d->sides[1].volume;

    if (a->size == b->size)
        return 0;
    return err_set(e, ERR_SOURCE, 0, "%s is of a volume of %llu GiB, "
                   "%s of one of %llu GiB, and what EBS lists as "
                   "changed between volumes of different size is not known"
                   REMEDY, a->name, a->size / GIB, b->name, b->size / GIB);
}

static int list_changes(struct diff *d, struct err *e)
{
    const struct volume *a = &d->sides[0].volume;
    struct volume *b = &d->sides[1].volume;
    struct survey v = volume_survey(b);

    d->delta.a = a->stored;
    d->delta.b = b->stored;
    if (survey_changed(&v, a->name, b->name, d->blocks, &d->delta, e) == 0) {
        b->list_calls += v.calls;
        return 0;
    }
    if (e->meaning != MEANS_UNRELATED)
        return -1;
    return err_set(e, ERR_SOURCE, 0, "EBS says that %s and %s are not "
                   "related, so there is no list of changes" REMEDY,
                   a->name, b->name);
}

static int prove(struct diff *d, struct err *e)
{
    struct err why = ERR_INIT;

    if (delta_prove(&d->delta, &why) == 0)
        return 0;
    return err_set(e, why.kind, 0, "%.800s" REMEDY, why.msg);
}

/* ------------------------------------------------- two manifests, compared */

/* What two images of this program differ in, by their manifests alone: the
 * provider's SHA-256 of each block is there. */
struct cursor {
    struct manifest_reader *rows;
    struct manifest_row row;
    int have;
};

static int advance(struct cursor *c, struct err *e)
{
    c->have = manifest_next(c->rows, &c->row, e);
    return c->have < 0 ? -1 : 0;
}

static int open_cursor(struct cursor *c, const struct diff_side *s,
                       struct err *e)
{
    struct manifest_header h;

    c->rows = evidence_rows(&s->volume.evidence, &h, e);
    return c->rows ? advance(c, e) : -1;
}

static int merge_rows(struct diff *d, struct cursor *a, struct cursor *b,
                      struct err *e)
{
    while (a->have || b->have) {
        bool in_a = a->have && (!b->have || a->row.index <= b->row.index);
        bool in_b = b->have && (!a->have || b->row.index <= a->row.index);
        uint32_t index = in_a ? a->row.index : b->row.index;

        if (!(in_a && in_b && rows_same_bytes(&a->row, &b->row)))
            blockset_add(d->delta.listed, index);
        if ((in_a && advance(a, e) < 0) || (in_b && advance(b, e) < 0))
            return -1;
    }
    return 0;
}

/* After its last row.  A manifest that hides a change makes blocks look
 * equal. */
static int check_manifest(const struct diff_side *s,
                          struct manifest_reader *rows, struct err *e)
{
    unsigned char sha256[MANIFEST_HASH], root[MANIFEST_HASH];

    manifest_hashes(rows, sha256, root);
    return evidence_check_manifest(&s->volume.evidence, sha256, e);
}

static int compare_manifests(struct diff *d, struct err *e)
{
    struct cursor a = { 0 };
    struct cursor b = { 0 };
    int r = 0;

    d->delta.listed = blockset_new(d->blocks, e);
    if (!d->delta.listed || open_cursor(&a, &d->sides[0], e) < 0
        || open_cursor(&b, &d->sides[1], e) < 0
        || merge_rows(d, &a, &b, e) < 0
        || check_manifest(&d->sides[0], a.rows, e) < 0
        || check_manifest(&d->sides[1], b.rows, e) < 0)
        r = -1;
    manifest_close(a.rows);
    manifest_close(b.rows);
    return r;
}

/* ------------------------------------------------------------------ wanted */

/* Of a snapshot: what is listed and stored there, or all that is stored. */
static int choose_blocks(const struct diff *d, struct diff_side *s,
                         struct err *e)
{
    const struct blockset *stored = s->volume.stored;

    if (!s->volume.is_snapshot)
        return 0;
    s->wanted = blockset_new(blockset_room(stored), e);
    if (!s->wanted)
        return -1;
    for (uint64_t i = blockset_next(stored, 0); i != BLOCKSET_END;
         i = blockset_next(stored, i + 1))
        if (!d->listed || blockset_has(d->delta.listed, i))
            blockset_add(s->wanted, i);
    return 0;
}

static void say_cost(const struct diff *d)
{
    uint64_t blocks = 0;
    uint64_t lists = 0;
    char size[32];

    for (int i = 0; i < 2; i++) {
        if (d->sides[i].wanted)
            blocks += blockset_count(d->sides[i].wanted);
        /* Once now, and once more for tokens while fetching, at most. */
        lists += d->sides[i].volume.list_calls * 2;
    }
    if (!blocks && !lists)
        return;
    tell_note("the comparison fetches %" PRIu64 " blocks (%s) with at most %"
              PRIu64 " list calls: about %.4f USD, and whatever the way to "
              "this machine costs", blocks,
              size_text(size, blocks * BLOCK_SIZE), lists,
              (double)blocks / 1000 * USD_BLOCKS
                  + (double)lists / 1000 * USD_LISTS);
}

/* What --list-only can work with. */
static int check_list_only(const struct diff *d, struct err *e)
{
    if (!d->opt->list_only || has_changes(d)
        || (both(d, false) && d->sides[0].volume.stored
            && d->sides[1].volume.stored))
        return 0;
    return err_set(e, ERR_USAGE, 0, "--list-only needs two snapshots of one "
                   "line, or two images with their manifests (PREFIX.blocks)");
}

static int list(struct diff *d, struct err *e)
{
    if (has_changes(d)) {
        d->listed = true;
        return check_sizes(d, e) < 0 || list_changes(d, e) < 0 ? -1
                                                               : prove(d, e);
    }
    if (!d->opt->list_only)
        return 0;
    d->listed = true;
    return compare_manifests(d, e);
}

static int learn(struct diff *d, struct err *e)
{
    bool twice = !has_changes(d);

    for (int i = 0; i < 2; i++) {
        struct volume *v = &d->sides[i].volume;
        uint64_t blocks;

        if (volume_learn(v, twice, e) < 0)
            return -1;
        d->listed_twice |= twice && v->is_snapshot;
        blocks = (v->size + BLOCK_SIZE - 1) / BLOCK_SIZE;
        if (d->blocks < blocks)
            d->blocks = blocks;
    }
    return 0;
}

int diff_lists(struct diff *d, struct err *e)
{
    return learn(d, e) < 0 || check_list_only(d, e) < 0 || list(d, e) < 0
        ? -1 : 0;
}

int diff_plan(struct diff *d, struct err *e)
{
    if (diff_lists(d, e) < 0)
        return -1;
    if (d->opt->list_only)
        return 0;
    for (int i = 0; i < 2; i++)
        if (choose_blocks(d, &d->sides[i], e) < 0)
            return -1;
    say_cost(d);
    return 0;
}
