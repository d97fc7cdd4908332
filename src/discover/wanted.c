/* SPDX-License-Identifier: Apache-2.0 */
#include "discover/wanted.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/scope.h"

/* ------------------------------------------------------------------- ids */

bool ids_has(const struct ids *s, const char *id)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->list[i], id) == 0)
            return true;
    return false;
}

static int grow(struct ids *s, struct err *e)
{
    size_t room = s->room ? 2 * s->room : 64;
    char (*more)[RESOURCE_ROOM];

    if (s->count == IDS_MAX)
        return err_set(e, ERR_SERVICE, 0, "EC2 names more than %u devices",
                       IDS_MAX);
    if (s->count < s->room)
        return 0;
    more = realloc(s->list, room * sizeof(*more));
    if (!more)
        return err_nomem(e);
    s->list = more;
    s->room = room;
    return 0;
}

int ids_add(struct ids *s, const char *id, struct err *e)
{
    size_t n = strlen(id);

    if (n >= RESOURCE_ROOM || ids_has(s, id))
        return 0;
    if (grow(s, e) < 0)
        return -1;
    memcpy(s->list[s->count++], id, n + 1);
    return 0;
}

void ids_keep(struct ids *s, const struct ids *other)
{
    size_t kept = 0;

    for (size_t i = 0; i < s->count; i++)
        if (ids_has(other, s->list[i]))
            memmove(s->list[kept++], s->list[i], RESOURCE_ROOM);
    s->count = kept;
}

int ids_take(struct ids *s, const struct option_list *from, struct err *e)
{
    for (size_t i = 0; i < from->count; i++)
        if (ids_add(s, from->items[i], e) < 0)
            return -1;
    return 0;
}

const char *const *ids_names(struct ids *s, struct err *e)
{
    free(s->names);
    s->names = calloc(s->count + 1, sizeof(*s->names));
    if (!s->names) {
        err_nomem(e);
        return NULL;
    }
    for (size_t i = 0; i < s->count; i++)
        s->names[i] = s->list[i];
    return s->names;
}

void ids_free(struct ids *s)
{
    free(s->list);
    free(s->names);
    memset(s, 0, sizeof(*s));
}

/* --------------------------------------------------------------- options */

static int check_ids(const struct option_list *l, enum resource kind,
                     const char *option, const char *example, struct err *e)
{
    for (size_t i = 0; i < l->count; i++)
        if (resource_kind(l->items[i]) != kind)
            return err_set(e, ERR_USAGE, 0, "--%s: %s is not the id of one, "
                           "such as %s0123456789abcdef0", option,
                           l->items[i], example);
    return 0;
}

static int check_all_ids(const struct list_options *o, struct err *e)
{
    return check_ids(&o->volumes, RESOURCE_VOLUME, "volume", "vol-", e) < 0
        || check_ids(&o->instances, RESOURCE_INSTANCE, "instance", "i-",
                     e) < 0
        || check_ids(&o->images, RESOURCE_IMAGE, "image", "ami-", e) < 0
        || check_ids(&o->snapshots, RESOURCE_SNAPSHOT, "snapshot", "snap-",
                     e) < 0 ? -1 : 0;
}

static struct wanted_tag *tag_of(struct wanted *w, const char *key, size_t n,
                                 struct err *e)
{
    struct text name = TEXT_INIT;

    text_add(&name, "tag:");
    text_addn(&name, key, n);
    if (name.failed) {
        err_nomem(e);
        return NULL;
    }
    for (size_t i = 0; i < w->ntags; i++)
        if (strcmp(w->tags[i].name, name.s) == 0) {
            text_free(&name);
            return &w->tags[i];
        }
    w->tags[w->ntags].name = name.s;
    return &w->tags[w->ntags++];
}

/* KEY alone: whatever its value; EC2: `*' fits any text, none too. */
static int read_tags(struct wanted *w, struct err *e)
{
    const struct option_list *l = &w->opt->tags;

    for (size_t i = 0; i < l->count; i++) {
        const char *key = l->items[i];
        size_t n = strcspn(key, "=");
        struct wanted_tag *tag;

        if (!n)
            return err_set(e, ERR_USAGE, 0, "--tag: \"%s\" is not KEY=VALUE",
                           key);
        tag = tag_of(w, key, n, e);
        if (!tag)
            return -1;
        tag->values[tag->count++] = key[n] ? key + n + 1 : "*";
    }
    return 0;
}

static bool is_owner(const char *s)
{
    static const char *const words[] = { "self", "amazon",
                                         "aws-marketplace" };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(s, words[i]) == 0)
            return true;
    return strlen(s) == 12 && strspn(s, "0123456789") == 12;
}

/* Who names snapshots by their ids, or by an image, means those, whoever owns
 * them; without an id EC2 would go through every public one. */
static int read_owners(struct wanted *w, struct err *e)
{
    const struct list_options *o = w->opt;

    for (size_t i = 0; i < o->owners.count; i++) {
        if (!is_owner(o->owners.items[i]))
            return err_set(e, ERR_USAGE, 0, "--owner: \"%s\" is neither an "
                           "account of 12 digits, nor self, amazon or "
                           "aws-marketplace", o->owners.items[i]);
        w->owners[w->nowners++] = o->owners.items[i];
    }
    if (!w->nowners && !o->snapshots.count && !o->images.count)
        w->owners[w->nowners++] = "self";
    return 0;
}

int wanted_time(const char *option, const char *s, const char *rest,
                uint64_t *out, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    if (!s)
        return 0;
    text_add(&t, s);
    if (strlen(s) == 10)
        text_add(&t, rest);
    if (t.failed)
        return err_nomem(e);
    *out = clock_parse_iso(t.s);
    if (*out)
        return 0;
    return err_set(e, ERR_USAGE, 0, "--%s: \"%s\" is no time in UTC, such as "
                   "2026-08-01 or 2026-08-01T12:00:00Z", option, s);
}

static int read_times(struct wanted *w, struct err *e)
{
    if (wanted_time("from", w->opt->from, WANTED_DAY_BEGINS, &w->from, e) < 0
        || wanted_time("to", w->opt->to, WANTED_DAY_ENDS, &w->to, e) < 0)
        return -1;
    if (w->from && w->to && w->from > w->to)
        return err_set(e, ERR_USAGE, 0, "--from %s is behind --to %s",
                       w->opt->from, w->opt->to);
    return 0;
}

int wanted_read(const struct list_options *opt, struct wanted *w,
                struct err *e)
{
    memset(w, 0, sizeof(*w));
    w->opt = opt;
    return check_all_ids(opt, e) < 0 || read_tags(w, e) < 0
        || read_owners(w, e) < 0 || read_times(w, e) < 0 ? -1 : 0;
}

void wanted_free(struct wanted *w)
{
    for (size_t i = 0; i < w->ntags; i++)
        free(w->tags[i].name);
    w->ntags = 0;
}

bool wanted_is_own(const struct wanted *w)
{
    return w->nowners == 1 && strcmp(w->owners[0], "self") == 0;
}

bool wanted_narrows(const struct wanted *w)
{
    const struct list_options *o = w->opt;

    return o->volumes.count || o->instances.count || o->tags.count
        || o->owners.count || o->from || o->to;
}
