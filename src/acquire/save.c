/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/save.h"

#include "base/file.h"
#include "base/scope.h"
#include "image/ewf.h"
#include "image/formats.h"

/* A checkpoint before the first block: it binds the log, and makes those void
 * that went further. */
static int save_nothing(struct saving *s, struct err *e)
{
    struct checkpoint none = { 0 };

    log_place(s->journal->log, &none.log);
    if (log_sync(s->journal->log, e) < 0)
        return -1;
    return checkpoint_write(s->file, &none, e);
}

static int write_first_lines(struct saving *s, const struct recipe *p,
                             struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    recipe_write(p, &r);
    checkpoint_seal(&r);
    if (log_write(s->file, "begin", &r, e) < 0)
        return -1;
    return save_nothing(s, e);
}

/* It gets its name when its first lines are on the disk: a run that has the
 * file can be gone on with. */
int save_begin(struct saving *s, const struct recipe *p, struct err *e)
{
    const struct stage *stage = s->outputs->stage;
    autofree char *path = stage_path(stage, STAGE_CHECKPOINT);
    autofree char *new = stage_path(stage, STAGE_CHECKPOINT_NEW);

    if (s->outputs->opt->streamed)
        return stage_mark_streamed(stage, e);
    if (!path || !new)
        return err_nomem(e);
    s->file = log_create(new, s->journal->clock, e);
    if (!s->file || write_first_lines(s, p, e) < 0
        || file_publish(new, path, e) < 0 || stage_sync(stage, e) < 0)
        return -1;
    s->every = s->journal->opt->checkpoint * NS_PER_S;
    s->last = clock_monotonic(s->journal->clock);
    return 0;
}

/* ------------------------------------------------------------ checkpoints */

/* Blocks of an E01 with chunks larger than a block have no checkpoint each,
 * and the last block has none: what follows it is not a matter of blocks. */
static bool is_possible(const struct saving *s)
{
    uint64_t offset = s->now.offset;

    return s->file && !s->broken && offset > s->saved
        && offset < s->outputs->from->volume_size
        && offset % formats_unit(s->outputs->opt->formats,
                                 s->outputs->chunk_size) == 0;
}

/* First what it speaks of, then the checkpoint itself. */
static int make(struct saving *s, struct err *e)
{
    const struct outputs *o = s->outputs;

    if (stage_check(o->stage, e) < 0)
        return -1;
    for (size_t i = 0; i < o->nsinks; i++) {
        struct sink *k = o->sinks[i];

        if (k->checkpoint && k->checkpoint(k, &s->now, e) < 0)
            return -1;
    }
    log_place(s->journal->log, &s->now.log);
    if (log_sync(s->journal->log, e) < 0
        || checkpoint_write(s->file, &s->now, e) < 0)
        return -1;
    s->saved = s->now.offset;
    s->last = clock_monotonic(s->journal->clock);
    return 0;
}

static int save(struct saving *s, struct err *e)
{
    if (!is_possible(s))
        return 0;
    if (make(s, e) == 0)
        return 0;
    s->broken = true;
    return -1;
}

int save_go_on(struct saving *s, const struct checkpoint *at,
               const struct log_place *end, struct err *e)
{
    autofree char *path = stage_path(s->outputs->stage, STAGE_CHECKPOINT);

    if (!path)
        return err_nomem(e);
    s->file = log_reopen(path, s->journal->clock, end, e);
    if (!s->file)
        return -1;
    s->every = s->journal->opt->checkpoint * NS_PER_S;
    s->now = *at;
    return at->offset ? save(s, e) : save_nothing(s, e);
}

int save_passed(struct saving *s, uint64_t offset,
                const struct digest_state *d, struct err *e)
{
    s->now.offset = offset;
    s->now.digest = *d;
    if (clock_monotonic(s->journal->clock) - s->last < s->every)
        return 0;
    return save(s, e);
}

void save_last(struct saving *s)
{
    struct err ignored = ERR_INIT;

    if (s->journal->log && s->outputs->nfinished == 0)
        save(s, &ignored);
}

int save_publish(struct saving *s, enum outcome o, struct err *e)
{
    struct log *file = s->file;

    if (stage_sync(s->outputs->stage, e) < 0)
        return -1;
    s->final = true;
    if (!file) /* what has left cannot be cut to a checkpoint: there is none */
        return 0;
    if (checkpoint_publish(file, outcome_name(o), e) < 0)
        return -1;
    s->file = NULL;
    return log_close(file, e);
}

void save_close(struct saving *s)
{
    struct err ignored = ERR_INIT;

    log_close(s->file, &ignored);
    s->file = NULL;
}
