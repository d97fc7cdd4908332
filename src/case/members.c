/* SPDX-License-Identifier: Apache-2.0 */
#include "case/members.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/snapshot-id.h"
#include "base/text.h"
#include "lineage/chain.h"
#include "show/tell.h"

int members_take(struct case_log *log, char **names, size_t n, struct err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (!snapshot_id_ok(names[i]))
            return err_set(e, ERR_USAGE, 0, "%s is not a snapshot id",
                           names[i]);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return err_set(e, ERR_USAGE, 0, "%s is named twice",
                               names[i]);
        if (case_add_member(log, names[i], NULL, true, e) < 0)
            return -1;
    }
    return 0;
}

/* The volume that is meant: itself, or what EC2 records of the snapshot. */
static size_t find_volume(const struct lineage *l)
{
    if (l->nodes[l->target].kind == RESOURCE_VOLUME)
        return l->target;
    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].from == l->target
            && l->links[i].proof == PROOF_VOLUME_ID)
            return l->links[i].to;
    return LINEAGE_NONE;
}

static int take_members(struct case_log *log, const struct lineage *l,
                        struct err *e)
{
    size_t volume = find_volume(l);
    size_t n = 0;
    autofree size_t *nodes = NULL;

    if (volume == LINEAGE_NONE)
        return err_set(e, ERR_SOURCE, 0, "EC2 records no volume of %s (a "
                       "copy or an upload); name the snapshots, oldest first",
                       l->nodes[l->target].id);
    nodes = lineage_members(l, volume, &n);
    if (!nodes)
        return err_nomem(e);
    for (size_t i = 0; i < n; i++)
        if (case_add_member(log, l->nodes[nodes[i]].id,
                            l->nodes[nodes[i]].time,
                            l->nodes[nodes[i]].usable, e) < 0)
            return -1;
    if (log->count == 0)
        return err_set(e, ERR_SOURCE, 0, "EC2 knows no snapshot of %s here",
                       l->nodes[volume].id);
    return 0;
}

/* They go into the case log, which has them from here on. */
static void take_notes(struct case_log *log, struct chain *c)
{
    log->partial = c->unlisted;
    for (size_t i = 0; i < c->notes.count; i++)
        if (c->unlisted)
            tell_always("warning: %s", c->notes.list[i]);
        else
            tell_warning("%s", c->notes.list[i]);
    log->notes = c->notes;
    c->notes = (struct notes){ 0 };
}

static int ask_members(struct case_log *log, const struct acquire_options *o,
                       const char *name, struct err *e)
{
    struct chain_options co = { .service = o->service };
    struct chain c = { .opt = &co, .target = name };
    int r;

    co.service.verbose = o->verbose;
    r = chain_explore(&c, e);
    if (r == 0)
        r = take_members(log, &c.lineage, e);
    if (r == 0)
        take_notes(log, &c);
    if (r == 0)
        service_add_json(c.service.aws, &c.service.settings,
                         &log->service);
    chain_free(&c);
    return r;
}

int members_find(struct case_log *log, const struct acquire_options *o,
                 char **names, size_t n, struct err *e)
{
    enum resource kind = resource_kind(names[0]);

    if (n > 1)
        return members_take(log, names, n, e);
    if (kind != RESOURCE_SNAPSHOT && kind != RESOURCE_VOLUME)
        return err_set(e, ERR_USAGE, 0, "%s is not the id of a snapshot or "
                       "of a volume", names[0]);
    return ask_members(log, o, names[0], e);
}
