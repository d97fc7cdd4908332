/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/choice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "audit/event.h"
#include "audit/logcheck.h"
#include "audit/manifest.h"
#include "base/block.h"
#include "base/file.h"
#include "image/formats.h"

/* -------------------------------------------------------------------- log */

/* Which checkpoints the log agrees with: those whose place in it was met. */
struct meeting {
    struct resuming *r;
    struct logcheck check;
    size_t next;             /* checkpoint whose place comes next */
    size_t met;              /* as many have been */
};

static void meet(struct meeting *m)
{
    const struct checkpoint *c = m->r->all.at;

    for (; m->next < m->r->all.n && c[m->next].log.size <= m->check.size;
         m->next++)
        if (c[m->next].log.size == m->check.size
            && c[m->next].log.events == m->check.events
            && memcmp(c[m->next].log.head, m->check.head, LOG_HASH) == 0)
            m->met = m->next + 1;
}

static int on_event(void *ctx, const cJSON *event, struct err *e)
{
    struct meeting *m = ctx;
    const char *name = event_name(event);

    (void)e;
    meet(m);
    m->r->sessions += strcmp(name, "start") == 0
        || strcmp(name, "resume") == 0;
    spent_event(&m->r->spent, event);
    return 0;
}

static void pass_over(struct resuming *r, size_t left, const char *why)
{
    if (left >= r->left)
        return;
    r->passed_over += r->left - left;
    r->left = left;
    snprintf(r->reason, sizeof(r->reason), "%s", why);
}

/* A log is good up to a line that is not whole, which is the usual end of a
 * run that died; what stands behind such a line is nothing that it wrote. */
int choice_check_log(struct resuming *r, const char *log, const char *folder,
                     struct err *e)
{
    struct meeting m = { .r = r };
    struct err why = ERR_INIT;
    uint64_t allocated, size;

    if (file_usage(log, &allocated, &size, e) < 0)
        return -1;
    if (logcheck_run(log, on_event, &m, &m.check, &why) < 0
        && (why.kind != ERR_VERIFY || m.check.events == 0)) {
        *e = why;
        return err_in(e, "the log of the run that is to be gone on with");
    }
    meet(&m);
    spent_next(&r->spent);
    r->log = (struct log_place){ m.check.events, m.check.size, { 0 } };
    memcpy(r->log.head, m.check.head, LOG_HASH);
    r->log_cut = size - m.check.size;
    if (r->all.n && m.met == 0)
        return err_set(e, ERR_VERIFY, 0, "the log of the run in %s is not "
                       "the one that it wrote (%s): it is not gone on with",
                       folder, why.kind ? why.msg : "another content");
    pass_over(r, m.met, why.kind ? why.msg : "the log is not the one that "
              "the checkpoint speaks of");
    return 0;
}

/* --------------------------------------------------- choosing a checkpoint */

static int check_lists(const struct recipe *p, const struct checkpoint *c,
                       const char *manifest, const char *chunks,
                       struct err *e)
{
    const struct acquire_options *o = &p->options;

    if (manifest_check(manifest, c->rows, c->manifest, e) < 0)
        return -1;
    return formats_check_list(o->formats, chunks, (uint32_t)o->chunk_size, c,
                              e);
}

/* What the run itself would never have written. */
static bool is_sound(const struct recipe *p, const struct checkpoint *c)
{
    return c->offset < p->volume_size
        && c->offset % formats_unit(p->options.formats,
                                    (uint32_t)p->options.chunk_size) == 0
        && c->digest.kinds == p->options.hashes
        && c->rows <= c->offset / BLOCK_SIZE;
}

/* The last that is left and does, as far as one can tell without reading the
 * image back; what is no matter of its content ends it. */
int choice_make(struct resuming *r, const char *manifest, const char *chunks,
                struct err *e)
{
    for (; r->left; pass_over(r, r->left - 1, e->msg)) {
        const struct checkpoint *c = &r->all.at[r->left - 1];

        memset(e, 0, sizeof(*e));
        if (c->offset == 0)
            break;
        if (!is_sound(r->kept, c))
            err_set(e, ERR_VERIFY, 0, "the checkpoint makes no sense");
        else if (check_lists(r->kept, c, manifest, chunks, e) == 0)
            break;
        if (e->kind != ERR_VERIFY && e->kind != ERR_USAGE
            && e->os_errno != ENOENT)
            return -1;
    }
    memset(e, 0, sizeof(*e));
    r->at = r->left ? r->all.at[r->left - 1] : (struct checkpoint){ 0 };
    return 0;
}

void choice_go_back(struct resuming *r, uint64_t good, const char *why)
{
    size_t left = r->left - 1;

    while (left && r->all.at[left - 1].offset > good)
        left--;
    pass_over(r, left, why);
}
