/* SPDX-License-Identifier: Apache-2.0 */
/* From instances to volumes and from machine images to snapshots: what the
 * options name, in one region. */
#include <stdlib.h>
#include <string.h>

#include "discover/list-private.h"

/* ---------------------------------------------------------------- places */

static char *copy(const char *s)
{
    return strdup(s ? s : "");
}

int list_add_place(struct list *l, const char *volume, const char *instance,
                   const char *device, struct err *e)
{
    struct places *p = &l->places;
    struct place *at;

    if (p->count == p->room) {
        size_t room = p->room ? 2 * p->room : 64;
        struct place *more = realloc(p->list, room * sizeof(*more));

        if (!more)
            return err_nomem(e);
        p->list = more;
        p->room = room;
    }
    at = &p->list[p->count++];
    *at = (struct place){ copy(volume), copy(instance), copy(device) };
    return at->volume && at->instance && at->device ? 0 : err_nomem(e);
}

void list_set_place(const struct list *l, struct row *r)
{
    const char *volume = r->snapshot.volume_id;

    r->place = l->refused[DETAIL_PLACE] ? UNKNOWN : KNOWN;
    for (size_t i = 0; i < l->places.count && volume; i++) {
        const struct place *p = &l->places.list[i];

        if (strcmp(p->volume, volume) != 0)
            continue;
        row_add_name(&r->instance, p->instance);
        row_add_name(&r->device, p->device);
    }
}

void list_forget_places(struct list *l)
{
    struct places *p = &l->places;

    for (size_t i = 0; i < p->count; i++) {
        free(p->list[i].volume);
        free(p->list[i].instance);
        free(p->list[i].device);
    }
    free(p->list);
    memset(p, 0, sizeof(*p));
}

void list_forget_region(struct list *l)
{
    list_forget_places(l);
    ids_free(&l->volumes);
    ids_free(&l->snapshots);
    ids_free(&l->missing);
    l->by_volume = l->by_snapshot = false;
    memset(l->refused, 0, sizeof(l->refused));
    l->refusals = 0;
}

/* ------------------------------------------------------------- instances */

static void see(const struct option_list *named, bool *seen, const char *id)
{
    for (size_t i = 0; i < named->count; i++)
        seen[i] |= strcmp(named->items[i], id) == 0;
}

static int use_instance(struct list *l, const struct ec2_instance *i,
                        struct err *e)
{
    const struct ec2_device *d = i->devices.items;

    see(&l->opt->instances, l->seen_instance, i->id);
    for (size_t k = 0; k < i->devices.count; k++) {
        if (resource_kind(d[k].volume_id) != RESOURCE_VOLUME)
            continue;
        if (ids_add(&l->volumes, d[k].volume_id, e) < 0
            || list_add_place(l, d[k].volume_id, i->id, d[k].name, e) < 0)
            return -1;
    }
    return 0;
}

static int use_instances(void *ctx, struct xmllist *page, struct err *e)
{
    struct ec2_instance *list = page->items;

    for (size_t i = 0; i < page->count; i++)
        if (use_instance(ctx, &list[i], e) < 0)
            return -1;
    return 0;
}

/* The volumes of the instances that are named, of which --volume may leave
 * some. */
static int resolve_instances(struct list *l, struct err *e)
{
    const struct option_list *named = &l->opt->instances;
    struct some_ids some = { ec2_search_instances, named->items,
                             named->count };
    struct list_question q = {
        list_fill_ids, ec2_parse_instances, ec2_instances_free, &some,
        "instances", use_instances, l,
    };
    struct ids volumes = { 0 };
    int r = 0;

    if (!named->count)
        return ids_take(&l->volumes, &l->opt->volumes, e);
    r = list_ask(l, &q, e);
    if (r < 0)
        return err_in(e, "asking EC2 about instances");
    if (l->opt->volumes.count) {
        r = ids_take(&volumes, &l->opt->volumes, e);
        ids_keep(&l->volumes, &volumes);
    }
    ids_free(&volumes);
    return r;
}

/* ---------------------------------------------------------------- images */

static int use_images(void *ctx, struct xmllist *page, struct err *e)
{
    struct list *l = ctx;
    const struct ec2_image *m = page->items;

    for (size_t i = 0; i < page->count; i++) {
        const struct ec2_device *d = m[i].devices.items;

        see(&l->opt->images, l->seen_image, m[i].id);
        for (size_t k = 0; k < m[i].devices.count; k++)
            if (resource_kind(d[k].snapshot_id) == RESOURCE_SNAPSHOT
                && (ids_add(&l->snapshots, d[k].snapshot_id, e) < 0
                    || ids_add(&l->missing, d[k].snapshot_id, e) < 0))
                return -1;
    }
    return 0;
}

static int resolve_images(struct list *l, struct err *e)
{
    const struct option_list *named = &l->opt->images;
    struct some_ids some = { ec2_search_images, named->items, named->count };
    struct list_question q = {
        list_fill_ids, ec2_parse_images, ec2_images_free, &some,
        "images", use_images, l,
    };
    struct ids snapshots = { 0 };
    int r = 0;

    if (!named->count)
        return ids_take(&l->snapshots, &l->opt->snapshots, e);
    if (list_ask(l, &q, e) < 0)
        return err_in(e, "asking EC2 about images");
    if (l->opt->snapshots.count) {
        r = ids_take(&snapshots, &l->opt->snapshots, e);
        ids_keep(&l->snapshots, &snapshots);
        ids_keep(&l->missing, &snapshots);
    }
    ids_free(&snapshots);
    return r;
}

int list_resolve(struct list *l, struct err *e)
{
    l->by_volume = l->opt->volumes.count || l->opt->instances.count;
    l->by_snapshot = l->opt->snapshots.count || l->opt->images.count;
    return resolve_instances(l, e) < 0 || resolve_images(l, e) < 0 ? -1 : 0;
}
