/* SPDX-License-Identifier: Apache-2.0 */
#include "discover/target.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "discover/target-private.h"
#include "show/tell.h"

/* Snapshots of one thing that can be chosen from. */
#define HELD_ROWS 100000u
#define HELD_BYTES (256 * MIB)

static int read_choice(const struct target_choice *choice, uint64_t *at,
                       struct err *e)
{
    if (choice->latest + choice->all + (choice->at != NULL) > 1)
        return err_set(e, ERR_USAGE, 0, "--latest, --at and --all are "
                       "alternatives: give one of them");
    return wanted_time("at", choice->at, WANTED_DAY_ENDS, at, e);
}

/* --------------------------------------------------------------- results */

static bool has(const struct targets *t, const char *snapshot)
{
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(t->list[i].snapshot, snapshot) == 0)
            return true;
    return false;
}

static int grow(struct targets *t, struct err *e)
{
    size_t room = t->room ? 2 * t->room : 16;
    struct target *more;

    if (t->count < t->room)
        return 0;
    more = realloc(t->list, room * sizeof(*more));
    if (!more)
        return err_nomem(e);
    t->list = more;
    t->room = room;
    return 0;
}

int target_add(struct targets *t, const char *snapshot, char *how,
               struct err *e)
{
    struct target *at;

    if (has(t, snapshot) || strlen(snapshot) >= RESOURCE_ROOM) {
        free(how);
        return 0;
    }
    if (grow(t, e) < 0) {
        free(how);
        return -1;
    }
    at = &t->list[t->count++];
    strcpy(at->snapshot, snapshot);
    at->how = how;
    return 0;
}

/* -------------------------------------------------------------- one thing */

static bool has_volume(const struct found *f, const char *volume)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->rows[i].snapshot.volume_id
            && strcmp(f->rows[i].snapshot.volume_id, volume) == 0)
            return true;
    return false;
}

/* A volume of which there is nothing is evidence that would be left out. */
static int note_bare_volumes(struct finder *find, const struct list *l,
                             const struct found *f, struct err *e)
{
    for (size_t i = 0; i < l->volumes.count; i++)
        if (f->count && !has_volume(f, l->volumes.list[i])
            && notes_add(&find->out->missing, e, "EC2 shows no snapshot of "
                         "%s here, a volume of %s", l->volumes.list[i],
                         f->name) < 0)
            return -1;
    return 0;
}

static int note_missing(struct finder *find, const struct list *l,
                        const struct found *f, struct err *e)
{
    for (size_t i = 0; i < l->missing.count; i++)
        if (l->missing.list[i][0]
            && notes_add(&find->out->missing, e, "%s names %s, which EC2 does "
                         "not show here", f->name, l->missing.list[i]) < 0)
            return -1;
    for (size_t i = 0; i < l->notes.count; i++)
        if (notes_add(&find->out->missing, e, "%s", l->notes.list[i]) < 0)
            return -1;
    return 0;
}

static int nothing(const struct found *f, struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "EC2 shows no snapshot of %s here; check "
                   "the id, the region and the account", f->name);
}

/* Those that a client has shared are of his account.  Not at once: EC2 then
 * goes through every public one. */
static int search_shared(struct list *l, struct err *e)
{
    if (l->hold.count || !l->wanted.nowners)
        return 0;
    l->wanted.nowners = 0;
    return list_search(l, e);
}

static int search(struct finder *find, struct list *l, struct found *f,
                  struct err *e)
{
    if (list_resolve(l, e) < 0 || list_search(l, e) < 0
        || search_shared(l, e) < 0)
        return err_in(e, "looking for snapshots of %s", f->name);
    hold_sort(&l->hold, SORT_VOLUME);
    f->rows = l->hold.rows;
    f->count = l->hold.count;
    if (note_bare_volumes(find, l, f, e) < 0
        || note_missing(find, l, f, e) < 0)
        return -1;
    return f->count ? target_choose(find, f, e) : nothing(f, e);
}

static struct option_list *list_for(struct list_options *o,
                                    enum resource kind)
{
    return kind == RESOURCE_VOLUME ? &o->volumes
        : kind == RESOURCE_INSTANCE ? &o->instances : &o->images;
}

static int find_thing(struct finder *find, const char *id, enum resource kind,
                      struct err *e)
{
    struct list_options o = { .service = *find->options,
                              .sort = SORT_VOLUME };
    struct option_list *named = list_for(&o, kind);
    struct list l = { .opt = &o, .service = &find->service, .whole = true,
                      .region = find->service.settings.region,
                      .hold = { .max_rows = HELD_ROWS,
                                .max_weight = HELD_BYTES } };
    struct found f = { .name = id, .kind = kind };
    int r;

    named->items[named->count++] = id;
    r = wanted_read(&o, &l.wanted, e);
    if (r == 0)
        r = search(find, &l, &f, e);
    list_forget_region(&l);
    hold_free(&l.hold);
    notes_free(&l.notes);
    wanted_free(&l.wanted);
    return r;
}

/* ------------------------------------------------------------------ names */

static int no_name(const char *name, struct err *e)
{
    return err_set(e, ERR_USAGE, 0, "%s is not a snapshot id, such as "
                   "snap-0123456789abcdef0, nor that of a volume, an instance "
                   "or a machine image, nor an ARN of one", name);
}

static int take_region(struct finder *find, const char *name,
                       const char *region, struct err *e)
{
    struct service_options *o = find->options;

    if (!region[0] || (o->region && strcmp(o->region, region) == 0))
        return 0;
    if (o->region)
        return err_set(e, ERR_USAGE, 0, "%s is in another region than %s",
                       name, o->region);
    strcpy(find->out->region, region);
    o->region = find->out->region;
    return 0;
}

/* Before anything is asked: all names are some, of one region. */
static int check_names(struct finder *find, char **names, size_t n,
                       struct err *e)
{
    char id[RESOURCE_ROOM], region[REGION_ROOM];

    for (size_t i = 0; i < n; i++) {
        enum resource kind = resource_read(names[i], id, region);

        if (kind == RESOURCE_NONE)
            return no_name(names[i], e);
        if (kind == RESOURCE_VOLUME && ec2_volume_meaningless(id))
            return err_set(e, ERR_USAGE, 0, "%s stands for every copy and "
                           "upload, and for no volume: name the snapshot",
                           id);
        for (size_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                return err_set(e, ERR_USAGE, 0, "%s is named twice",
                               names[i]);
        if (take_region(find, names[i], region, e) < 0)
            return -1;
    }
    return 0;
}

static int open_service(struct finder *find, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;

    if (find->open)
        return 0;
    find->open = true;
    return service_open(&find->service, find->options, &hooks, e);
}

static int find_name(struct finder *find, const char *name, struct err *e)
{
    char id[RESOURCE_ROOM], region[REGION_ROOM];
    enum resource kind = resource_read(name, id, region);

    if (kind == RESOURCE_SNAPSHOT)
        return target_add(find->out, id, NULL, e);
    return open_service(find, e) < 0 ? -1 : find_thing(find, id, kind, e);
}

static void tell_missing(const struct targets *t)
{
    for (size_t i = 0; i < t->missing.count; i++)
        tell_always("warning: %s", t->missing.list[i]);
}

static int list_ids(struct targets *t, struct err *e)
{
    if (!t->count)
        return err_set(e, ERR_SOURCE, 0, "there is no snapshot to take: see "
                       "the warnings");
    t->ids = calloc(t->count + 1, sizeof(*t->ids));
    if (!t->ids)
        return err_nomem(e);
    for (size_t i = 0; i < t->count; i++) {
        t->ids[i] = t->list[i].snapshot;
        if (t->list[i].how)
            tell_note("%s: %s", t->list[i].snapshot, t->list[i].how);
    }
    return 0;
}

int targets_find(struct service_options *o,
                 const struct target_choice *choice, char **names, size_t n,
                 struct targets *out, struct err *e)
{
    struct finder find = { .options = o, .choice = choice, .out = out };
    int r;

    memset(out, 0, sizeof(*out));
    r = read_choice(choice, &find.at, e);
    if (r == 0)
        r = check_names(&find, names, n, e);
    for (size_t i = 0; i < n && r == 0; i++)
        r = find_name(&find, names[i], e);
    if (find.open)
        service_close(&find.service);
    tell_missing(out);
    return r < 0 ? -1 : list_ids(out, e);
}

int targets_plain(struct service_options *o, char **names, size_t n,
                  struct targets *out, struct err *e)
{
    struct finder find = { .options = o, .out = out };
    char id[RESOURCE_ROOM], region[REGION_ROOM];

    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < n; i++) {
        if (strncmp(names[i], "arn:", 4) != 0
            || resource_read(names[i], id, region) == RESOURCE_NONE)
            continue;
        if (take_region(&find, names[i], region, e) < 0)
            return -1;
        names[i] += strlen(names[i]) - strlen(id);
    }
    return 0;
}

void targets_free(struct targets *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->list[i].how);
    free(t->list);
    free(t->ids);
    notes_free(&t->missing);
    memset(t, 0, sizeof(*t));
}
