/* SPDX-License-Identifier: Apache-2.0 */
/* With the snapshot itself, read once more. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/option.h"
#include "base/snapshot-id.h"
#include "repeat/repeat.h"
#include "show/tell.h"
#include "volume/access.h"

#define MEMORY (64 * MIB)

/* DIR/SNAPSHOT-TIME.access.jsonl, or SNAPSHOT-TIME-2 and so on. */
static int name_log(struct repeat *r, const char *snapshot, struct err *e)
{
    char time[CLOCK_TEXT];

    clock_compact(time, clock_wall(&clock_system));
    for (unsigned n = 1; !r->access; n++) {
        struct text t = TEXT_INIT;

        text_addf(&t, "%s/%s-%s", r->opt->log ? r->opt->log : ".", snapshot,
                  time);
        if (n > 1)
            text_addf(&t, "-%u", n);
        text_add(&t, ".access.jsonl");
        if (t.failed)
            return err_nomem(e);
        if (file_exists(t.s))
            text_free(&t);
        else
            r->access = t.s;
    }
    return 0;
}

static int open_snapshot(struct repeat *r, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;
    const char *snapshot = r->own.evidence.log.snapshot;

    if (!snapshot_id_ok(snapshot))
        return err_set(e, ERR_USAGE, 0, "%s: its log does not say of which "
                       "snapshot it is", r->name);
    if (name_log(r, snapshot, e) < 0
        || volume_open(&r->other, snapshot, &r->opt->service, &hooks,
                       r->access, e) < 0)
        return -1;
    return volume_learn(&r->other, false, e);
}

/* ---------------------------------------------------------------- the list */

static void note_listed(struct repeat *r, uint64_t index, uint64_t *count)
{
    if (!r->unlisted && !r->added)
        r->first_listed = index;
    if (index < r->first_listed)
        r->first_listed = index;
    ++*count;
}

static void compare_lists(struct repeat *r)
{
    const struct blockset *then = r->own.stored, *now = r->other.stored;
    uint64_t i;

    for (i = blockset_next(then, 0); i != BLOCKSET_END;
         i = blockset_next(then, i + 1))
        if (!blockset_has(now, i))
            note_listed(r, i, &r->unlisted);
    for (i = blockset_next(now, 0); i != BLOCKSET_END;
         i = blockset_next(now, i + 1))
        if (!blockset_has(then, i))
            note_listed(r, i, &r->added);
}

/* -------------------------------------------------------------- the blocks */

/* Those that the service has and that were read when the image was made. */
static struct blockset *readable(struct repeat *r, struct err *e)
{
    const struct blockset *now = r->other.stored;
    struct blockset *s = blockset_new(blockset_room(now), e);

    for (uint64_t i = blockset_next(now, 0); s && i != BLOCKSET_END;
         i = blockset_next(now, i + 1)) {
        if (blockset_has(r->own.rows.unread, i))
            r->unread++;
        else
            blockset_add(s, i);
    }
    return s;
}

static struct blockset *choose(struct repeat *r, struct err *e)
{
    autoblockset struct blockset *all = readable(r, e);
    struct blockset *s;

    if (!all)
        return NULL;
    if (r->opt->sample == OPTION_ALL
        || r->opt->sample >= blockset_count(all)) {
        s = all;
        all = NULL;
    } else {
        s = repeat_sample(all, r->opt->sample, r->seed, e);
    }
    if (s)
        r->progress.total = blockset_count(s) * BLOCK_SIZE;
    return s;
}

/* As many are under way as the reader has room for. */
static void ask_ahead(struct repeat *r, const struct blockset *chosen,
                      uint64_t *asked, uint64_t *ahead)
{
    uint64_t most = volume_reader_ahead(r->other_reader);

    while (*ahead < most && *asked != BLOCKSET_END) {
        volume_reader_ask(r->other_reader, *asked, *asked);
        *asked = blockset_next(chosen, *asked + 1);
        ++*ahead;
    }
}

static int compare_blocks(struct repeat *r, const struct blockset *chosen,
                          struct err *e)
{
    uint64_t asked = blockset_next(chosen, 0), ahead = 0;

    for (uint64_t i = asked; i != BLOCKSET_END;
         i = blockset_next(chosen, i + 1)) {
        ask_ahead(r, chosen, &asked, &ahead);
        if (repeat_block(r, i, e) < 0)
            return -1;
        ahead -= ahead > 0;
        repeat_show(r, r->compared * BLOCK_SIZE);
    }
    return 0;
}

/* -------------------------------------------------------------------- all */

static int end_access(struct repeat *r, struct err *e)
{
    struct access_sum sum;

    if (volume_reader_free(r->other_reader, e) < 0) {
        r->other_reader = NULL;
        return -1;
    }
    r->other_reader = NULL;
    if (access_end(r->other.access, &sum, e) < 0)
        return -1;
    hex_encode(r->access_head, sum.head, LOG_HASH);
    return 0;
}

static int compare_chosen(struct repeat *r, struct err *e)
{
    autoblockset struct blockset *chosen = choose(r, e);

    if (!chosen
        || access_sample(r->other.access, blockset_count(chosen), r->seed, e)
               < 0)
        return -1;
    r->other_reader = volume_reader_new(&r->other, MEMORY, e);
    if (!r->other_reader || compare_blocks(r, chosen, e) < 0)
        return -1;
    return end_access(r, e);
}

int repeat_remote(struct repeat *r, struct err *e)
{
    if (!r->own.stored)
        return err_set(e, ERR_USAGE, 0, "%s has no log and manifest that the "
                       "snapshot could be compared with", r->name);
    if (repeat_seed(r->opt->seed, &r->seed, e) < 0
        || open_snapshot(r, e) < 0)
        return -1;
    compare_lists(r);
    return compare_chosen(r, e);
}
