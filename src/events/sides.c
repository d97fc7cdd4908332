/* SPDX-License-Identifier: Apache-2.0 */
/* What is looked through: opened, listed, read, and closed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/failure.h"
#include "base/block.h"
#include "base/number.h"
#include "events/events.h"
#include "show/tell.h"
#include "volume/access.h"

/* For blocks of each side. */
#define CACHE_BYTES (128 * MIB)
/* So many lost blocks are told one by one; the sum comes with the result. */
#define WARNINGS 16u

char events_letter(unsigned side)
{
    return (char)('A' + side);
}

int events_start(struct events *s, struct err *e)
{
    for (unsigned i = 0; i < 2; i++) {
        session_init(&s->sides[i].session);
        s->sides[i].volume = &s->diff.sides[i].volume;
    }
    decoding_init(&s->decoding);
    for (unsigned i = 0; i < s->nsides; i++)
        if (session_start(&s->sides[i].session, e) < 0)
            return -1;
    return decoding_start(&s->decoding, e);
}

/* ------------------------------------------------------------------- open */

static int name_logs(struct events *s, struct err *e)
{
    for (unsigned i = 0; s->opt->access && i < s->nsides; i++) {
        struct text t = TEXT_INIT;

        text_addf(&t, "%s-%c.jsonl", s->opt->access, (int)events_letter(i));
        if (t.failed) {
            text_free(&t);
            return err_nomem(e);
        }
        s->sides[i].access = t.s;
        s->diff.sides[i].access = t.s;
    }
    return 0;
}

static int open_one(struct events *s, const char *name, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;
    struct volume *v = s->sides[0].volume;

    if (volume_open(v, name, &s->opt->service, &hooks, s->sides[0].access, e)
        < 0
        || volume_learn(v, true, e) < 0)
        return -1;
    s->diff.blocks = (v->size + BLOCK_SIZE - 1) / BLOCK_SIZE;
    return 0;
}

/* Those that EBS lists as changed, else all that one of them stores, or may
 * store. */
static int choose_core(struct events *s, struct err *e)
{
    s->core = blockset_new(s->diff.blocks, e);
    if (!s->core)
        return -1;
    if (s->diff.listed) {
        blockset_add_all(s->core, s->diff.delta.listed);
        return 0;
    }
    for (unsigned i = 0; i < s->nsides; i++) {
        const struct blockset *stored = s->sides[i].volume->stored;

        if (stored)
            blockset_add_all(s->core, stored);
        else
            blockset_fill(s->core);
    }
    return 0;
}

int events_open(struct events *s, char **names, struct err *e)
{
    s->diff_opt.service = s->opt->service;
    s->diff_opt.full = s->opt->full;
    s->diff.opt = &s->diff_opt;
    if (name_logs(s, e) < 0)
        return -1;
    if (s->nsides == 2 ? diff_open_sides(&s->diff, names, e) < 0
                             || diff_lists(&s->diff, e) < 0
                       : open_one(s, names[0], e) < 0)
        return -1;
    for (unsigned i = 0; i < s->nsides; i++) {
        struct events_side *x = &s->sides[i];

        x->reader = volume_reader_new(x->volume, CACHE_BYTES, e);
        if (!x->reader
            || session_lend(&x->session, x->volume, x->reader, e) < 0)
            return -1;
    }
    return choose_core(s, e);
}

/* ------------------------------------------------------------------- close */

static int close_side(struct events_side *x, struct err *e)
{
    struct volume *v = x->volume;
    struct err ignored = ERR_INIT;
    int r = session_close(&x->session, e);

    if (x->reader && volume_reader_free(x->reader, r < 0 ? &ignored : e) < 0)
        r = -1;
    if (v->access && access_close(v->access, r < 0 ? &ignored : e) < 0)
        r = -1;
    x->reader = NULL;
    v->access = NULL;
    free(x->access);
    return r;
}

int events_close(struct events *s, struct err *e)
{
    struct err ignored = ERR_INIT;
    int r = 0;

    for (unsigned i = 0; i < 2; i++)
        if (s->sides[i].volume
            && close_side(&s->sides[i], r < 0 ? &ignored : e) < 0)
            r = -1;
    decoding_close(&s->decoding);
    blockset_free(s->core);
    diff_close_sides(&s->diff);
    return r;
}

/* -------------------------------------------------------------------- read */

static int lose(struct events *s, unsigned side, uint64_t offset,
                const struct err *why, struct err *e)
{
    struct events_side *x = &s->sides[side];

    if (failure_of_blocks_ends(&s->strikes, why)) {
        *e = *why;
        return -1;
    }
    if (x->lost++ < WARNINGS)
        tell_warning("%c: block %" PRIu64 " is not looked into: %s",
                     (int)events_letter(side), offset / BLOCK_SIZE,
                     why->msg);
    return 0;
}

int events_read(struct events *s, unsigned side, uint64_t offset,
                unsigned char *to, size_t n, struct err *e)
{
    while (n) {
        size_t part = BLOCK_SIZE - offset % BLOCK_SIZE;
        struct err why = ERR_INIT;
        size_t got = 0;

        part = part < n ? part : n;
        if (volume_read(s->sides[side].reader, offset, to, part, &got, &why)
            < 0) {
            if (lose(s, side, offset, &why, e) < 0)
                return -1;
            got = 0;
        } else {
            s->strikes = 0;
        }
        memset(to + got, 0, part - got);
        offset += part;
        to += part;
        n -= part;
    }
    return 0;
}
