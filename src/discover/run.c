/* SPDX-License-Identifier: Apache-2.0 */
/* One run of `ebsimg list': one region, or all of them one after another. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/scope.h"
#include "discover/list-private.h"
#include "discover/list.h"
#include "ebs/sts.h"
#include "show/tell.h"

const char *const list_sort_words[] = { "start", "volume", "size", "none",
                                        NULL };

/* What is held to be put in order: all snapshots of most accounts. */
#define HELD_ROWS 100000u
#define HELD_BYTES (256 * MIB)

/* So many regions one after the other that cannot be reached: it is the
 * network. */
#define UNREACHED_MAX 3

int list_check(const struct list_options *opt, struct err *e)
{
    struct wanted w;
    int r;

    if (opt->json && opt->csv)
        return err_set(e, ERR_USAGE, 0,
                       "--json and --csv cannot be combined");
    if (opt->short_rows && (opt->json || opt->csv))
        return err_set(e, ERR_USAGE, 0, "--short is about the table: it "
                       "cannot be combined with --%s",
                       opt->json ? "json" : "csv");
    r = wanted_read(opt, &w, e);
    wanted_free(&w);
    return r;
}

/* ---------------------------------------------------------- who is asking */

static int take_identity(void *ctx, const struct call *c, struct err *e)
{
    struct sts_identity i;
    char **account = ctx;
    const struct text *body = &c->answer->body;
    int r = sts_parse_identity(body->s ? body->s : "", body->len, &i, e);

    if (r == 0) {
        *account = i.account;
        i.account = NULL;
    }
    sts_identity_free(&i);
    return r;
}

/* What only the owner is told need not be asked for others. */
static int ask_account(struct list *l, struct err *e)
{
    struct err why = ERR_INIT;

    if (!l->opt->details || wanted_is_own(&l->wanted))
        return 0;
    sts_caller_identity(l->service->call);
    if (service_ask(l->service, take_identity, &l->account, &why) == 0)
        return 0;
    if (!list_is_fatal(&why))
        return notes_add(&l->notes, e, "it is not known whose keys these "
                         "are, so nothing is known of what only the owner of "
                         "a snapshot is told: %s", why.msg);
    *e = why;
    return -1;
}

/* ---------------------------------------------------------------- regions */

static int take_regions(void *ctx, const struct call *c, struct err *e)
{
    struct xmllist *l = ctx;
    autofree char *next = NULL;
    const struct text *body = &c->answer->body;
    int r = ec2_parse_regions(body->s ? body->s : "", body->len, l, &next,
                              e);

    if (r < 0)
        ec2_regions_free(l);
    return r;
}

static int in_region(struct list *l, struct service *home, const char *name,
                     struct err *e)
{
    struct service_options o = l->opt->service;
    const struct service_hooks hooks = TELL_HOOKS;
    struct service there;
    int r;

    o.region = name;
    o.like = &home->settings;
    r = service_open(&there, &o, &hooks, e);
    l->service = &there;
    l->region = name;
    if (r == 0)
        r = list_region(l, e);
    list_forget_region(l);
    l->service = home;
    service_close(&there);
    return r;
}

/* What went wrong in a region is told with its name, and the others go on. */
static int note_region(struct list *l, const char *name,
                       const struct err *why, struct err *e)
{
    if (list_is_fatal(why)) {
        *e = *why;
        return -1;
    }
    l->reserve = true;
    return notes_add(&l->notes, e, "region %s is not listed, or not all of "
                     "it: %s", name, why->msg);
}

static int note_unasked(struct list *l, const struct xmllist *regions,
                        size_t from, struct err *e)
{
    for (; from < regions->count; from++)
        if (notes_add(&l->notes, e, "region %s was not asked: none of the %d "
                      "before it could be reached",
                      ec2_region_at(regions, from)->name, UNREACHED_MAX) < 0)
            return -1;
    return 0;
}

static int each_region(struct list *l, struct service *home,
                       const struct xmllist *regions, struct err *e)
{
    struct err why = ERR_INIT;
    unsigned unreached = 0;
    size_t failed = 0;
    size_t i = 0;

    for (; i < regions->count && unreached < UNREACHED_MAX; i++) {
        const char *name = ec2_region_at(regions, i)->name;

        why = (struct err)ERR_INIT;
        if (in_region(l, home, name, &why) == 0) {
            unreached = 0;
            continue;
        }
        failed++;
        unreached = why.kind == ERR_SERVICE && !why.http_status
            ? unreached + 1 : 0;
        if (note_region(l, name, &why, e) < 0)
            return -1;
    }
    if (note_unasked(l, regions, i, e) < 0)
        return -1;
    if (failed < i)
        return 0;
    *e = why;
    return err_in(e, "no region could be listed; the last one, %s",
                  ec2_region_at(regions, i - 1)->name);
}

static int all_regions(struct list *l, struct service *home, struct err *e)
{
    struct xmllist regions = { 0 };
    int r;

    ec2_describe_regions(home->call);
    r = service_ask(home, take_regions, &regions, e);
    if (r < 0)
        return err_in(e, "asking EC2 for the regions");
    r = each_region(l, home, &regions, e);
    ec2_regions_free(&regions);
    return r;
}

/* ------------------------------------------------------------------ notes */

static int note_named(struct list *l, const struct option_list *named,
                      const bool *seen, const char *why, struct err *e)
{
    for (size_t i = 0; i < named->count; i++) {
        if (seen[i])
            continue;
        l->reserve = true;
        if (notes_add(&l->notes, e, "%s: %s", named->items[i], why) < 0)
            return -1;
    }
    return 0;
}

/* A snapshot that was named and that another option may have left out. */
static const char *why_missing(const struct list *l)
{
    const struct list_options *o = l->opt;

    return o->images.count || o->volumes.count || o->instances.count
        || o->tags.count || o->owners.count
        ? "EC2 does not show it here, or it does not fit the other options"
        : "EC2 does not show it here: check the id, the region and the "
          "account";
}

static int note_end(struct list *l, struct err *e)
{
    const struct list_options *o = l->opt;

    if (note_named(l, &o->snapshots, l->seen, why_missing(l), e) < 0
        || note_named(l, &o->instances, l->seen_instance, "EC2 knows no such "
                      "instance here; snapshots of its volumes may be left: "
                      "look for them with --volume or --tag", e) < 0
        || note_named(l, &o->images, l->seen_image, "EC2 shows no such image "
                      "here", e) < 0)
        return -1;
    if (l->parts
        && notes_add(&l->notes, e, "there are more than can be put in order "
                     "at once: it was done in parts, one after another") < 0)
        return -1;
    if (l->undated
        && notes_add(&l->notes, e, "%" PRIu64 " have no start time and are "
                     "shown whatever --from and --to say", l->undated) < 0)
        return -1;
    return 0;
}

/* -------------------------------------------------------------------- all */

static int ask_all(struct list *l, struct service *home, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;
    int r;

    if (service_open(home, &l->opt->service, &hooks, e) < 0)
        return -1;
    l->service = home;
    l->region = home->settings.region;
    if (ask_account(l, e) < 0 || show_begin(&l->show, e) < 0)
        return -1;
    r = l->opt->all_regions ? all_regions(l, home, e) : list_region(l, e);
    list_forget_region(l);
    return r;
}

/* What has been shown gets its end, whatever came then. */
static int finish(struct list *l, int r, struct err *e)
{
    struct err ignored = ERR_INIT;

    if (r < 0 && (!l->show.begun || e->kind == ERR_DEST))
        return -1;
    if (r == 0 && note_end(l, e) < 0)
        return -1;
    if (show_end(&l->show, &l->notes, r == 0 && !l->reserve,
                 r < 0 ? &ignored : e) < 0)
        return -1;
    return r < 0 ? -1 : l->reserve ? 1 : 0;
}

int list_run(const struct list_options *opt, struct err *e)
{
    struct list l = { .opt = opt };
    struct service home = { 0 };
    int r = wanted_read(opt, &l.wanted, e);

    show_init(&l.show, opt);
    l.hold.max_rows = HELD_ROWS;
    l.hold.max_weight = HELD_BYTES;
    if (r == 0)
        r = ask_all(&l, &home, e);
    r = finish(&l, r, e);
    hold_free(&l.hold);
    notes_free(&l.notes);
    wanted_free(&l.wanted);
    service_close(&home);
    free(l.account);
    return r;
}
