#include "acquire/save.h"

#include <string.h>

#include "acquire/acquisition.h"
#include "acquire/recipe.h"
#include "audit/outcome.h"
#include "base/file.h"
#include "base/scope.h"
#include "image/ewf.h"

/* A checkpoint before the first block: it binds the log, and makes those void
 * that went further. */
static int save_nothing(struct acquisition *a, struct err *e)
{
    struct checkpoint none = { 0 };

    log_place(a->log, &none.log);
    if (log_sync(a->log, e) < 0)
        return -1;
    return checkpoint_write(a->save.journal, &none, e);
}

static int write_first_lines(struct acquisition *a, struct err *e)
{
    autorecord struct record r = RECORD_INIT;

    recipe_write(a, &r);
    checkpoint_seal(&r);
    if (log_write(a->save.journal, "begin", &r, e) < 0)
        return -1;
    return save_nothing(a, e);
}

/* It gets its name when its first lines are on the disk: a run that has the
 * file can be gone on with. */
int save_begin(struct acquisition *a, struct err *e)
{
    autofree char *path = stage_path(a->stage, STAGE_CHECKPOINT);
    autofree char *new = stage_path(a->stage, STAGE_CHECKPOINT_NEW);
    struct saving *s = &a->save;

    if (!path || !new)
        return err_nomem(e);
    s->journal = log_create(new, a->clock, e);
    if (!s->journal || write_first_lines(a, e) < 0
        || file_publish(new, path, e) < 0 || stage_sync(a->stage, e) < 0)
        return -1;
    s->every = a->opt->checkpoint * NS_PER_S;
    s->last = clock_monotonic(a->clock);
    return 0;
}

/* ------------------------------------------------------------ checkpoints */

/* Blocks of an E01 with chunks larger than a block have no checkpoint each,
 * and the last block has none: what follows it is not a matter of blocks. */
static bool is_possible(const struct acquisition *a)
{
    uint64_t offset = a->save.now.offset;

    return a->save.journal && !a->save.broken && offset > a->save.saved
        && offset < a->volume_size
        && offset % formats_unit(a->opt->formats, a->chunk_size) == 0;
}

/* First what it speaks of, then the checkpoint itself. */
static int make(struct acquisition *a, struct err *e)
{
    struct saving *s = &a->save;

    if (stage_check(a->stage, e) < 0)
        return -1;
    for (size_t i = 0; i < a->nsinks; i++) {
        struct sink *k = a->sinks[i];

        if (k->checkpoint && k->checkpoint(k, &s->now, e) < 0)
            return -1;
    }
    log_place(a->log, &s->now.log);
    if (log_sync(a->log, e) < 0
        || checkpoint_write(s->journal, &s->now, e) < 0)
        return -1;
    s->saved = s->now.offset;
    s->last = clock_monotonic(a->clock);
    return 0;
}

static int save(struct acquisition *a, struct err *e)
{
    if (!is_possible(a))
        return 0;
    if (make(a, e) == 0)
        return 0;
    a->save.broken = true;
    return -1;
}

int save_go_on(struct acquisition *a, const struct checkpoint *at,
               const struct log_place *end, struct err *e)
{
    autofree char *path = stage_path(a->stage, STAGE_CHECKPOINT);
    struct saving *s = &a->save;

    if (!path)
        return err_nomem(e);
    s->journal = log_reopen(path, a->clock, end, e);
    if (!s->journal)
        return -1;
    s->every = a->opt->checkpoint * NS_PER_S;
    s->now = *at;
    return at->offset ? save(a, e) : save_nothing(a, e);
}

int save_passed(void *ctx, uint64_t offset, const struct digest_state *d,
                struct err *e)
{
    struct acquisition *a = ctx;
    struct saving *s = &a->save;

    s->now.offset = offset;
    s->now.digest = *d;
    if (clock_monotonic(a->clock) - s->last < s->every)
        return 0;
    return save(a, e);
}

void save_last(struct acquisition *a)
{
    struct err ignored = ERR_INIT;

    if (a->log && a->nfinished == 0)
        save(a, &ignored);
}

int save_publish(struct acquisition *a, struct err *e)
{
    struct log *journal = a->save.journal;

    if (stage_sync(a->stage, e) < 0)
        return -1;
    a->save.final = true;
    if (checkpoint_publish(journal, outcome_name(a->outcome), e) < 0)
        return -1;
    a->save.journal = NULL;
    return log_close(journal, e);
}

void save_close(struct acquisition *a)
{
    struct err ignored = ERR_INIT;

    log_close(a->save.journal, &ignored);
    a->save.journal = NULL;
}
