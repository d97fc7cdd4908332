/* SPDX-License-Identifier: Apache-2.0 */
/* Where a snapshot comes from, as far as it can be known. */
#include "lineage/chain.h"

#include <inttypes.h>

#include "show/tell.h"
#include "trail/trail-files.h"

static int note_left_out(struct chain *c, struct err *e)
{
    if (!c->left_out)
        return 0;
    return notes_add(&c->notes, e, "%" PRIu64 " pairs of snapshots were not "
                     "compared: --probes %" PRIu64 " allows no more",
                     c->left_out, c->opt->probes);
}

/* What EC2 and a log say of the same thing, when it is not the same. */
static int note_contradictions(struct chain *c, struct err *e)
{
    const struct lineage *l = &c->lineage;

    for (size_t i = 0; i < l->nlinks; i++) {
        const struct lineage_link *k = &l->links[i];
        const struct lineage_link *x = lineage_denied(l, k);
        const char *is = lineage_relation_words(k->relation);

        if (x && notes_add(&c->notes, e,
                           "a CloudTrail record (%s) says: %s %s %s; "
                           "EC2 records: %s %s, and that counts", k->detail,
                           l->nodes[k->from].id, is, l->nodes[k->to].id, is,
                           l->nodes[x->to].id) < 0)
            return -1;
    }
    return 0;
}

int chain_explore(struct chain *c, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;

    if (service_open(&c->service, &c->opt->service, &hooks, e) < 0)
        return -1;
    lineage_init(&c->lineage, c->target, c->service.settings.region);
    if (chain_ask(c, e) < 0)
        return -1;
    return lineage_finish(&c->lineage, e);
}

void chain_free(struct chain *c)
{
    lineage_free(&c->lineage);
    service_close(&c->service);
    notes_free(&c->notes);
    trail_free(&c->trail);
}

static int read_trail(struct chain *c, struct err *e)
{
    const struct option_list *files = &c->opt->cloudtrail;

    for (size_t i = 0; i < files->count; i++)
        if (trail_read(&c->trail, &c->notes, files->items[i], e) < 0)
            return -1;
    trail_sort(&c->trail);
    return 0;
}

int chain_run(const struct chain_options *opt, const char *target,
              struct err *e)
{
    struct chain c = { .opt = opt, .target = target };
    int r = read_trail(&c, e);

    if (r == 0 && (chain_explore(&c, e) < 0 || chain_probe(&c, e) < 0
                   || note_left_out(&c, e) < 0
                   || note_contradictions(&c, e) < 0 || chain_show(&c, e) < 0))
        r = -1;
    chain_free(&c);
    return r;
}
