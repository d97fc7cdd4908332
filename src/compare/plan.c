/* What the lists say before a block is fetched: which blocks each side
 * stores, which EBS lists as changed, and what the comparison will cost. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/verdict.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "compare/diff.h"
#include "fetch/survey.h"
#include "show/tell.h"

/* EBS, us-east-1 in 2023: a thousand list calls, and a thousand blocks. */
#define USD_LISTS 0.0006
#define USD_BLOCKS 0.003

#define REMEDY "; --full compares every block that either of them stores"

/* ---------------------------------------------------------------- stored */

static struct survey survey_of(struct diff_side *s)
{
    return (struct survey){
        .aws = s->service.aws,
        .call = s->service.call,
        .stop = &interrupted,
    };
}

static bool both(const struct diff *d, bool snapshots)
{
    return d->sides[0].is_snapshot == snapshots
        && d->sides[1].is_snapshot == snapshots;
}

/* EBS has a list of changes, and it must agree with those of the stored
 * blocks.  Where there is none, a block that a list leaves out would be taken
 * for zeros, so that list is asked for twice. */
static bool has_changes(const struct diff *d)
{
    return both(d, true) && !d->opt->full;
}

static int list_snapshot(struct diff *d, struct diff_side *s, struct err *e)
{
    struct survey v = survey_of(s);
    uint64_t gib = 0;

    d->listed_twice = !has_changes(d);
    if ((d->listed_twice ? survey_stored_twice : survey_stored)
            (&v, s->name, &s->stored, &gib, e) < 0)
        return -1;
    s->size = gib * GIB;
    s->list_calls = v.calls;
    return 0;
}

/* After its last row.  A manifest that hides a change makes blocks look
 * equal. */
static int check_manifest(const struct diff_side *s,
                          struct manifest_reader *rows, struct err *e)
{
    unsigned char sha256[MANIFEST_HASH], root[MANIFEST_HASH];

    manifest_hashes(rows, sha256, root);
    return evidence_check_manifest(&s->evidence, sha256, e);
}

static int take_rows(struct diff_side *s, struct manifest_reader *rows,
                     struct err *e)
{
    struct manifest_row row;
    int r;

    while ((r = manifest_next(rows, &row, e)) > 0)
        blockset_add(row.class == BLOCK_UNREADABLE ? s->unread : s->stored,
                     row.index);
    if (r < 0)
        return -1;
    blockset_add_all(s->stored, s->unread);
    return check_manifest(s, rows, e);
}

static int read_manifest(struct diff_side *s, struct err *e)
{
    struct manifest_header h;
    struct manifest_reader *rows = evidence_rows(&s->evidence, &h, e);
    int r = rows ? 0 : -1;

    if (r == 0 && h.volume_size != s->size)
        r = err_set(e, ERR_VERIFY, 0, "holds %" PRIu64 " bytes, its manifest "
                    "says %" PRIu64, s->size, h.volume_size);
    if (r == 0) {
        s->stored = blockset_new(s->size / BLOCK_SIZE, e);
        s->unread = blockset_new(s->size / BLOCK_SIZE, e);
        r = s->stored && s->unread ? take_rows(s, rows, e) : -1;
    }
    manifest_close(rows);
    return r;
}

/* Which of its blocks could not be read stands in the manifest alone. */
static int read_papers(struct diff_side *s, struct err *e)
{
    if (evidence_read_log(&s->evidence, e) < 0
        || evidence_check_log(&s->evidence, e) < 0)
        return -1;
    if (s->evidence.manifest_path)
        return read_manifest(s, e);
    return evidence_check_manifest(&s->evidence, NULL, e);
}

static int learn_stored(struct diff *d, struct diff_side *s, struct err *e)
{
    if (s->is_snapshot)
        return list_snapshot(d, s, e);
    return read_papers(s, e) < 0 ? err_in(e, "%s", s->name) : 0;
}

/* --------------------------------------------------- two snapshots, listed */

static int check_sizes(const struct diff *d, struct err *e)
{
    const struct diff_side *a = &d->sides[0];
    const struct diff_side *b = &d->sides[1];

    if (a->size == b->size)
        return 0;
    return err_set(e, ERR_SOURCE, 0, "%s is of a volume of %llu GiB, "
                   "%s of one of %llu GiB, and what EBS lists as "
                   "changed between volumes of different size is not known"
                   REMEDY, a->name, a->size / GIB, b->name, b->size / GIB);
}

static int list_changes(struct diff *d, struct err *e)
{
    struct diff_side *b = &d->sides[1];
    struct survey v = survey_of(b);

    d->delta.a = d->sides[0].stored;
    d->delta.b = b->stored;
    if (survey_changed(&v, d->sides[0].name, b->name, d->blocks, &d->delta,
                       e) == 0) {
        b->list_calls += v.calls;
        return 0;
    }
    if (e->meaning != MEANS_UNRELATED)
        return -1;
    return err_set(e, ERR_SOURCE, 0, "EBS says that %s and %s are not "
                   "related, so there is no list of changes" REMEDY,
                   d->sides[0].name, b->name);
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

    c->rows = evidence_rows(&s->evidence, &h, e);
    return c->rows ? advance(c, e) : -1;
}

static bool same_bytes(const struct manifest_row *a,
                       const struct manifest_row *b)
{
    return a->class != BLOCK_UNREADABLE && b->class != BLOCK_UNREADABLE
        && memcmp(a->sha256, b->sha256, sizeof(a->sha256)) == 0;
}

static int merge_rows(struct diff *d, struct cursor *a, struct cursor *b,
                      struct err *e)
{
    while (a->have || b->have) {
        bool in_a = a->have && (!b->have || a->row.index <= b->row.index);
        bool in_b = b->have && (!a->have || b->row.index <= a->row.index);
        uint32_t index = in_a ? a->row.index : b->row.index;

        if (!(in_a && in_b && same_bytes(&a->row, &b->row)))
            blockset_add(d->delta.listed, index);
        if ((in_a && advance(a, e) < 0) || (in_b && advance(b, e) < 0))
            return -1;
    }
    return 0;
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
    if (!s->is_snapshot)
        return 0;
    s->wanted = blockset_new(blockset_room(s->stored), e);
    if (!s->wanted)
        return -1;
    for (uint64_t i = blockset_next(s->stored, 0); i != BLOCKSET_END;
         i = blockset_next(s->stored, i + 1))
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
        lists += d->sides[i].list_calls * 2;
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
        || (both(d, false) && d->sides[0].stored && d->sides[1].stored))
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

int diff_plan(struct diff *d, struct err *e)
{
    for (int i = 0; i < 2; i++) {
        if (learn_stored(d, &d->sides[i], e) < 0)
            return -1;
        if (d->blocks < (d->sides[i].size + BLOCK_SIZE - 1) / BLOCK_SIZE)
            d->blocks = (d->sides[i].size + BLOCK_SIZE - 1) / BLOCK_SIZE;
    }
    if (check_list_only(d, e) < 0 || list(d, e) < 0)
        return -1;
    if (d->opt->list_only)
        return 0;
    for (int i = 0; i < 2; i++)
        if (choose_blocks(d, &d->sides[i], e) < 0)
            return -1;
    say_cost(d);
    return 0;
}
