/* SPDX-License-Identifier: Apache-2.0 */
/* What EC2 is asked, one thing leading to the next. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "aws/failure.h"
#include "aws/verdict.h"
#include "base/scope.h"
#include "lineage/chain.h"

/* Nobody's line is so long; a loop in the answers would be. */
#define QUESTIONS_MAX 500

/* An answer on its way into a list. */
struct reading {
    int (*parse)(const char *xml, size_t n, struct xmllist *out,
                 char **next, struct err *e);
    void (*free)(struct xmllist *l);
    struct xmllist *out;
    char **next;
};

static int take(void *ctx, const struct call *c, struct err *e)
{
    struct reading *r = ctx;
    const struct text *body = &c->answer->body;
    int result = r->parse(body->s ? body->s : "", body->len, r->out, r->next,
                          e);

    if (result < 0) {
        r->free(r->out);
        free(*r->next);
        *r->next = NULL;
    }
    return result;
}

static int ask(struct chain *c, struct reading *r, struct err *e)
{
    c->questions++;
    return service_ask(&c->service, take, r, e);
}

/* The question was refused, or EC2 cannot be reached: the line ends there,
 * and the reader is told.  Without an answer about the target there is
 * nothing to tell. */
static int without(struct chain *c, const char *id, struct err *why,
                   struct err *e)
{
    bool is_target = strcmp(id, c->target) == 0;

    if (failure_ends(is_target ? ASKED_AS_NEEDED : ASKED_AS_USEFUL, why)) {
        *e = *why;
        return err_in(e, "asking EC2 about %s", id);
    }
    lineage_set_state(&c->lineage, id, LINEAGE_REFUSED);
    return notes_add(&c->notes, e, "nothing is known of %s: %s", id, why->msg);
}

static int gone(struct chain *c, const char *id, struct err *e)
{
    if (strcmp(id, c->target) == 0)
        return err_set(e, ERR_SOURCE, 0, "EC2 knows no %s here; check the "
                       "id, the region and the account", id);
    lineage_set_state(&c->lineage, id, LINEAGE_GONE);
    return 0;
}

static int ask_snapshot(struct chain *c, const char *id, struct err *e)
{
    autofree char *next = NULL;
    struct xmllist l = { 0 };
    struct reading r = { ec2_parse_snapshots, ec2_snapshots_free, &l, &next };
    struct err why = ERR_INIT;
    int result = 0;

    ec2_describe_snapshot(c->service.call, id);
    if (ask(c, &r, &why) < 0)
        return why.meaning == MEANS_GONE ? gone(c, id, e)
                                         : without(c, id, &why, e);
    if (l.count == 0 || strcmp(ec2_snapshot_at(&l, 0)->id, id) != 0)
        result = gone(c, id, e);
    else
        lineage_add_snapshot(&c->lineage, ec2_snapshot_at(&l, 0));
    ec2_snapshots_free(&l);
    return result;
}

int chain_ask_owned(struct chain *c, const char *owner, const char *volume,
                    struct pager *p, struct xmllist *out, struct err *e)
{
    char *next = NULL;
    struct reading r = { ec2_parse_snapshots, ec2_snapshots_free, out,
                         &next };

    ec2_describe_owned(c->service.call, owner, volume, p->next);
    return ask(c, &r, e) < 0 ? -1 : pager_turn(p, next, e);
}

/* The account whose snapshots of this volume are of interest: that of one we
 * know, which may be somebody who shares them. */
static const char *owner_of(const struct chain *c, size_t volume)
{
    const struct lineage *l = &c->lineage;

    for (size_t i = 0; i < l->nlinks; i++)
        if (l->links[i].to == volume
            && l->links[i].proof == PROOF_VOLUME_ID
            && l->nodes[l->links[i].from].owner)
            return l->nodes[l->links[i].from].owner;
    return "self";
}

static void add_snapshots(struct chain *c, const struct xmllist *l,
                          const char *volume)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct ec2_snapshot *s = ec2_snapshot_at(l, i);

        if (s->volume_id && strcmp(s->volume_id, volume) == 0)
            lineage_add_snapshot(&c->lineage, s);
    }
}

static int ask_members(struct chain *c, const char *volume, size_t node,
                       struct err *e)
{
    autofree char *owner = strdup(owner_of(c, node));
    autopager struct pager p = { NULL };
    int r;

    if (!owner)
        return err_nomem(e);
    do {
        struct xmllist l = { 0 };

        r = chain_ask_owned(c, owner, volume, &p, &l, e);
        add_snapshots(c, &l, volume);
        ec2_snapshots_free(&l);
    } while (r == 0 && pager_goes_on(&p, PAGER_PAGES_MAX));
    if (r < 0 || !p.next)
        return r;
    c->unlisted = true;
    return notes_add(&c->notes, e,
                     "not all snapshots of %s are shown: EC2's list "
                     "does not end", volume);
}

static int ask_volume_record(struct chain *c, const char *id, struct err *e)
{
    autofree char *next = NULL;
    struct xmllist l = { 0 };
    struct reading r = { ec2_parse_volumes, ec2_volumes_free, &l, &next };

    ec2_describe_volume(c->service.call, id);
    if (ask(c, &r, e) < 0)
        return -1;
    for (size_t i = 0; i < l.count; i++) {
        const struct ec2_volume *v = (const struct ec2_volume *)l.items + i;

        if (strcmp(v->id, id) == 0)
            lineage_add_volume(&c->lineage, v);
    }
    ec2_volumes_free(&l);
    return 0;
}

/* A volume that was deleted has no record any more, but its snapshots keep
 * its id. */
static int ask_volume(struct chain *c, const char *id, struct err *e)
{
    size_t node = lineage_find(&c->lineage, id);
    size_t links = c->lineage.nlinks;
    struct err why = ERR_INIT;

    if (ask_members(c, id, node, &why) < 0) {
        c->unlisted = true;
        return without(c, id, &why, e);
    }
    if (ask_volume_record(c, id, &why) < 0)
        return without(c, id, &why, e);
    if (c->lineage.nodes[node].state != LINEAGE_NAMED)
        return 0;
    if (c->lineage.nlinks > links) {
        lineage_set_state(&c->lineage, id, LINEAGE_GONE);
        return 0;
    }
    return gone(c, id, e);
}

static int ask_instance(struct chain *c, const char *id, struct err *e)
{
    autofree char *next = NULL;
    struct xmllist l = { 0 };
    struct reading r = { ec2_parse_instances, ec2_instances_free, &l, &next };
    struct err why = ERR_INIT;

    ec2_describe_instance(c->service.call, id);
    if (ask(c, &r, &why) < 0)
        return without(c, id, &why, e);
    for (size_t i = 0; i < l.count; i++)
        if (strcmp(((struct ec2_instance *)l.items)[i].id, id) == 0)
            lineage_add_instance(&c->lineage,
                                 (struct ec2_instance *)l.items + i);
    ec2_instances_free(&l);
    if (c->lineage.nodes[lineage_find(&c->lineage, id)].state
        != LINEAGE_NAMED)
        return 0;
    return gone(c, id, e);
}

static int ask_node(struct chain *c, size_t node, struct err *e)
{
    char id[RESOURCE_ROOM];

    /* The nodes move when new ones come. */
    strcpy(id, c->lineage.nodes[node].id);
    switch (c->lineage.nodes[node].kind) {
    case RESOURCE_SNAPSHOT:
        return ask_snapshot(c, id, e);
    case RESOURCE_VOLUME:
        return ask_volume(c, id, e);
    default:
        return ask_instance(c, id, e);
    }
}

/* ---------------------------------------------------------------- images */

static int ask_batch(struct chain *c, const char *const *ids, size_t n,
                     struct err *e)
{
    autopager struct pager p = { NULL };
    int result;

    do {
        char *next = NULL;
        struct xmllist l = { 0 };
        struct reading r = { ec2_parse_images, ec2_images_free, &l, &next };

        ec2_describe_images(c->service.call, ids, n, p.next);
        if (ask(c, &r, e) < 0)
            return -1;
        result = pager_turn(&p, next, e);
        for (size_t i = 0; i < l.count; i++)
            lineage_add_image(&c->lineage, (struct ec2_image *)l.items + i);
        ec2_images_free(&l);
    } while (result == 0 && pager_goes_on(&p, PAGER_PAGES_MAX));
    if (result < 0 || !p.next)
        return result;
    return notes_add(&c->notes, e,
                     "not all machine images are shown: EC2's list does "
                     "not end");
}

/* The machine images that use a snapshot of the line, gone ones included:
 * an image keeps naming them. */
static int ask_images(struct chain *c, struct err *e)
{
    size_t nodes = c->lineage.nnodes;
    struct err why = ERR_INIT;
    size_t at = 0;
    int r = 0;

    while (r == 0 && at < nodes) {
        char ids[EC2_FILTER_VALUES][RESOURCE_ROOM];
        const char *list[EC2_FILTER_VALUES];
        size_t n = 0;

        for (; at < nodes && n < EC2_FILTER_VALUES; at++) {
            if (c->lineage.nodes[at].kind != RESOURCE_SNAPSHOT)
                continue;
            strcpy(ids[n], c->lineage.nodes[at].id);
            list[n] = ids[n];
            n++;
        }
        if (n)
            r = ask_batch(c, list, n, &why);
    }
    if (r == 0)
        return 0;
    if (failure_ends(ASKED_AS_USEFUL, &why)) {
        *e = why;
        return -1;
    }
    return notes_add(&c->notes, e,
                     "machine images are not shown: %s", why.msg);
}

int chain_ask(struct chain *c, struct err *e)
{
    size_t node;

    lineage_add_trail(&c->lineage, &c->trail);
    while ((node = lineage_next(&c->lineage)) != LINEAGE_NONE
           && c->questions < QUESTIONS_MAX) {
        if (ask_node(c, node, e) < 0)
            return -1;
        lineage_add_trail(&c->lineage, &c->trail);
    }
    c->unlisted |= node != LINEAGE_NONE;
    if (node != LINEAGE_NONE
        && notes_add(&c->notes, e,
                     "the line was not followed to its end: %" PRIu64
                     " questions to EC2 were enough", c->questions) < 0)
        return -1;
    if (c->lineage.no_memory)
        return err_nomem(e);
    if (ask_images(c, e) < 0)
        return -1;
    c->unlisted |= c->lineage.full;
    return c->lineage.full
        ? notes_add(&c->notes, e,
                    "not all is shown: %u things and %u links between "
                    "them were enough", LINEAGE_NODES_MAX, LINEAGE_LINKS_MAX)
        : 0;
}
