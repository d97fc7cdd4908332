/* SPDX-License-Identifier: Apache-2.0 */
/* Which volumes there are to be preserved, and how large they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/failure.h"
#include "ebs/ec2-around.h"
#include "ebs/ec2-search.h"
#include "preserve/preserve-private.h"
#include "show/tell.h"

static int take_caller(void *ctx, const struct call *c, struct err *e)
{
    struct preserve *p = ctx;
    const struct text *body = &c->answer->body;

    sts_identity_free(&p->caller);
    return sts_parse_identity(body->s ? body->s : "", body->len, &p->caller,
                              e);
}

/* Useful for the log alone. */
static int ask_caller(struct preserve *p, struct err *e)
{
    struct err why = ERR_INIT;

    sts_caller_identity(p->service.call);
    p->service.call->attempts_max = 3;
    if (service_ask(&p->service, take_caller, p, &why) == 0)
        return 0;
    if (failure_ends(ASKED_AS_USEFUL, &why)) {
        *e = why;
        return -1;
    }
    tell_warning("whose keys these are is not known (%s)", why.msg);
    return 0;
}

static int add_volume(struct preserve *p, const char *id, const char *device,
                      struct err *e)
{
    struct preserve_volume *v = &p->volumes[p->nvolumes];

    if (p->nvolumes == PRESERVE_VOLUMES || strlen(id) >= sizeof(v->id)
        || resource_kind(id) != RESOURCE_VOLUME)
        return err_set(e, ERR_SERVICE, 0, "the answer of EC2 about %s makes "
                       "no sense", p->target);
    strcpy(v->id, id);
    snprintf(v->device, sizeof(v->device), "%s", device ? device : "");
    p->nvolumes++;
    return 0;
}

static int use_instance(struct preserve *p, const struct ec2_instance *i,
                        struct err *e)
{
    const struct ec2_device *d = i->devices.items;

    for (size_t k = 0; k < i->devices.count; k++) {
        p->bare += !d[k].volume_id;
        if (d[k].volume_id && add_volume(p, d[k].volume_id, d[k].name, e) < 0)
            return -1;
    }
    return 0;
}

static int take_instance(void *ctx, const struct call *c, struct err *e)
{
    struct preserve *p = ctx;
    const struct text *body = &c->answer->body;
    const struct ec2_instance *i;
    struct xmllist l;
    char *next = NULL;
    int r = ec2_parse_instances(body->s ? body->s : "", body->len, &l, &next,
                                e);

    i = l.items;
    p->nvolumes = p->bare = 0;
    for (size_t k = 0; r == 0 && k < l.count; k++)
        if (strcmp(i[k].id, p->target) == 0)
            r = use_instance(p, &i[k], e);
    free(next);
    ec2_instances_free(&l);
    return r;
}

static struct preserve_volume *find(struct preserve *p, const char *id)
{
    for (size_t i = 0; i < p->nvolumes; i++)
        if (strcmp(p->volumes[i].id, id) == 0)
            return &p->volumes[i];
    return NULL;
}

static int take_volumes(void *ctx, const struct call *c, struct err *e)
{
    struct preserve *p = ctx;
    const struct text *body = &c->answer->body;
    const struct ec2_volume *v;
    struct xmllist l;
    char *next = NULL;
    int r = ec2_parse_volumes(body->s ? body->s : "", body->len, &l, &next,
                              e);

    v = l.items;
    for (size_t i = 0; r == 0 && i < l.count; i++) {
        struct preserve_volume *to = find(p, v[i].id);

        if (to)
            to->gib = v[i].gib;
    }
    free(next);
    ec2_volumes_free(&l);
    return r;
}

/* A volume that EC2 does not show is not there; of an instance's without a
 * size the price alone is not known. */
static int ask_sizes(struct preserve *p, struct err *e)
{
    const char *ids[PRESERVE_VOLUMES];

    for (size_t at = 0; at < p->nvolumes; at += EC2_FILTER_VALUES) {
        size_t n = p->nvolumes - at;

        if (n > EC2_FILTER_VALUES)
            n = EC2_FILTER_VALUES;
        for (size_t i = 0; i < n; i++)
            ids[i] = p->volumes[at + i].id;
        ec2_search_volumes(p->service.call, ids, n, NULL);
        p->service.call->attempts_max = 0;
        if (service_ask(&p->service, take_volumes, p, e) < 0)
            return err_in(e, "asking EC2 about the volumes");
    }
    return 0;
}

static int nothing(const struct preserve *p, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "EC2 shows no %s here; check the id, the "
                   "region and the account", p->target);
}

int preserve_look(struct preserve *p, struct err *e)
{
    bool one = resource_kind(p->target) == RESOURCE_VOLUME;

    if (ask_caller(p, e) < 0)
        return -1;
    p->service.call->attempts_max = 0;
    if (one && add_volume(p, p->target, NULL, e) < 0)
        return -1;
    if (!one) {
        ec2_describe_instance(p->service.call, p->target);
        if (service_ask(&p->service, take_instance, p, e) < 0)
            return err_in(e, "asking EC2 about %s", p->target);
        if (!p->nvolumes)
            return nothing(p, e);
    }
    if (ask_sizes(p, e) < 0)
        return -1;
    return one && !p->volumes[0].gib ? nothing(p, e) : 0;
}
