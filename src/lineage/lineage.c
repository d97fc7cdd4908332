/* SPDX-License-Identifier: Apache-2.0 */
#include "lineage/lineage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/text.h"
#include "lineage/lineage-private.h"

/* A text can name many things; nobody needs more than these. */
#define NAMES_MAX 16

/* ----------------------------------------------------------------- graph */

void lineage_init(struct lineage *l, const char *target, const char *region)
{
    memset(l, 0, sizeof(*l));
    l->region = region ? region : "";
    l->target = lineage_node(l, target);
    lineage_want(l, l->target);
}

static void free_node(struct lineage_node *n)
{
    char *texts[] = {
        n->region, n->time, n->status, n->description, n->owner, n->key,
        n->device, n->deleted,
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        free(texts[i]);
}

static void free_link(struct lineage_link *k)
{
    free(k->detail);
    free(k->key);
}

void lineage_free(struct lineage *l)
{
    for (size_t i = 0; i < l->nnodes; i++)
        free_node(&l->nodes[i]);
    for (size_t i = 0; i < l->nlinks; i++)
        free_link(&l->links[i]);
    free(l->nodes);
    free(l->links);
    free(l->touches);
    names_free(&l->ids);
    names_free(&l->keys);
    memset(l, 0, sizeof(*l));
}

size_t lineage_find(const struct lineage *l, const char *id)
{
    return names_find(&l->ids, id);
}

/* Room for all of them at once, so that their ids stay where they are; the
 * kernel gives pages only as they are used. */
static struct lineage_node *new_node(struct lineage *l)
{
    if (!l->nodes)
        l->nodes = calloc(LINEAGE_NODES_MAX, sizeof(*l->nodes));
    if (!l->nodes)
        l->no_memory = true;
    else if (l->nnodes == LINEAGE_NODES_MAX)
        l->full = true;
    else
        return &l->nodes[l->nnodes];
    return NULL;
}

size_t lineage_node(struct lineage *l, const char *id)
{
    enum resource kind = resource_kind(id);
    struct err ignored = ERR_INIT;
    struct lineage_node *x;
    size_t n;

    if (kind == RESOURCE_NONE)
        return LINEAGE_NONE;
    n = lineage_find(l, id);
    if (n != LINEAGE_NONE)
        return n;
    x = new_node(l);
    if (!x)
        return LINEAGE_NONE;
    x->kind = kind;
    strcpy(x->id, id);
    if (names_add(&l->ids, x->id, l->nnodes, &ignored) == 0)
        return l->nnodes++;
    l->no_memory = true;
    return LINEAGE_NONE;
}

static bool fill_link(struct lineage_link *k, const char *detail)
{
    k->detail = detail ? strdup(detail) : NULL;
    if (asprintf(&k->key, "%zu %zu %d %d %s%s", k->from, k->to, k->relation,
                 k->proof, detail ? "=" : "", detail ? detail : "") < 0)
        k->key = NULL;
    return k->key && (k->detail || !detail);
}

/* Room for one link more.  There is room for a power of two. */
static bool grow_links(struct lineage *l)
{
    size_t room = l->nlinks ? 2 * l->nlinks : 1;
    struct lineage_link *more;

    if (l->nlinks & (l->nlinks - 1))
        return true;
    more = realloc(l->links, room * sizeof(*more));
    if (more)
        l->links = more;
    return more;
}

/* False: no memory. */
static bool add_link(struct lineage *l, const struct lineage_link *k)
{
    struct err ignored = ERR_INIT;

    if (!grow_links(l)
        || names_add(&l->keys, k->key, l->nlinks, &ignored) < 0)
        return false;
    l->links[l->nlinks++] = *k;
    return true;
}

void lineage_link(struct lineage *l, size_t from,
                  enum lineage_relation relation, size_t to,
                  enum lineage_proof proof, const char *detail)
{
    struct lineage_link k = { from, to, relation, proof, NULL, NULL };

    if (from == LINEAGE_NONE || to == LINEAGE_NONE || from == to)
        return;
    if (!fill_link(&k, detail))
        l->no_memory = true;
    else if (names_find(&l->keys, k.key) != NAMES_NONE)
        ; /* it is there already */
    else if (l->nlinks == LINEAGE_LINKS_MAX)
        l->full = true;
    else if (add_link(l, &k))
        return;
    else
        l->no_memory = true;
    free_link(&k);
}

void lineage_want(struct lineage *l, size_t node)
{
    if (node != LINEAGE_NONE)
        l->nodes[node].wanted = true;
}

/* A link to something that the line goes on with. */
static void link_wanted(struct lineage *l, size_t from,
                        enum lineage_relation relation, const char *to,
                        enum lineage_proof proof, const char *detail)
{
    size_t n = lineage_node(l, to);

    lineage_link(l, from, relation, n, proof, detail);
    if (from != LINEAGE_NONE && l->nodes[from].wanted)
        lineage_want(l, n);
}

static void set_text(struct lineage *l, char **to, const char *from)
{
    if (!from || !*from || *to)
        return;
    *to = strdup(from);
    if (!*to)
        l->no_memory = true;
}

/* A log may have told another time before. */
static void set_time(struct lineage *l, struct lineage_node *n,
                     const char *time)
{
    if (time && *time && n->time_logged) {
        free(n->time);
        n->time = NULL;
        n->time_logged = false;
    }
    set_text(l, &n->time, time);
}

/* Of several that records tell the earliest, in whatever order they come. */
static void set_logged_time(struct lineage *l, struct lineage_node *n,
                            const char *time)
{
    if (n->time_logged && *time && strcmp(time, n->time) < 0) {
        free(n->time);
        n->time = NULL;
    }
    if (n->time)
        return;
    set_text(l, &n->time, time);
    n->time_logged = n->time != NULL;
}

void lineage_set_state(struct lineage *l, const char *id,
                       enum lineage_state state)
{
    size_t n = lineage_node(l, id);

    if (n != LINEAGE_NONE && l->nodes[n].state == LINEAGE_NAMED)
        l->nodes[n].state = state;
}

static bool is_logged_member(const struct lineage *l,
                             const struct lineage_link *k)
{
    return k->relation == LINEAGE_TAKEN_OF && k->proof == PROOF_CLOUDTRAIL
        && l->nodes[k->to].wanted && l->nodes[k->from].state == LINEAGE_NAMED
        && l->nodes[k->from].kind == RESOURCE_SNAPSHOT;
}

/* That EC2's list of the volume does not have it proves nothing: a log can
 * put any snapshot there. */
static size_t next_logged(const struct lineage *l)
{
    for (size_t i = 0; i < l->nlinks; i++)
        if (is_logged_member(l, &l->links[i]))
            return l->links[i].from;
    return LINEAGE_NONE;
}

size_t lineage_next(const struct lineage *l)
{
    for (size_t i = 0; i < l->nnodes; i++)
        if (l->nodes[i].wanted && l->nodes[i].state == LINEAGE_NAMED
            && l->nodes[i].kind != RESOURCE_IMAGE)
            return i;
    return next_logged(l);
}

/* ----------------------------------------------------- what texts mention */

/* What stands before an id in the descriptions that AWS writes. */
static const struct pattern {
    const char *before;
    enum resource kind;
    enum lineage_relation relation;
} patterns[] = {
    { "for SourceSnapshot ", RESOURCE_SNAPSHOT, LINEAGE_COPY_OF },
    { "[Copied ", RESOURCE_SNAPSHOT, LINEAGE_COPY_OF },
    { "Created by CreateImage(", RESOURCE_INSTANCE, LINEAGE_NAMES },
    { "Copied for DestinationAmi ", RESOURCE_IMAGE, LINEAGE_MADE_FOR },
    { ") for ", RESOURCE_IMAGE, LINEAGE_MADE_FOR },
};

static enum lineage_relation meaning(const char *text, const char *at,
                                     enum resource kind)
{
    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        size_t n = strlen(patterns[i].before);

        if (patterns[i].kind == kind && (size_t)(at - text) >= n
            && strncmp(at - n, patterns[i].before, n) == 0)
            return patterns[i].relation;
    }
    return LINEAGE_NAMES;
}

/* "... snap-1 from eu-west-1] ..."; a word that is no region means nothing. */
static void region_behind(const char *at, char region[32])
{
    static const char from[] = " from ";
    size_t n;

    region[0] = '\0';
    if (strncmp(at, from, sizeof(from) - 1) != 0)
        return;
    at += sizeof(from) - 1;
    n = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (n == 0 || n > 30 || at[n] != ']' || !memchr(at, '-', n))
        return;
    memcpy(region, at, n);
    region[n] = '\0';
}

/* What is in another region cannot be asked for here.  The target is asked
 * for all the same: somebody else's word must not keep EC2 from speaking. */
static void set_elsewhere(struct lineage *l, size_t node, const char *region)
{
    struct lineage_node *n = &l->nodes[node];

    if (!region[0] || strcmp(region, l->region) == 0
        || n->state != LINEAGE_NAMED || node == l->target)
        return;
    n->state = LINEAGE_ELSEWHERE;
    set_text(l, &n->region, region);
}

static void mention(struct lineage *l, size_t from, const char *text,
                    const char *at, const char *id, const char *behind,
                    enum lineage_proof proof, const char *detail)
{
    enum lineage_relation relation = meaning(text, at, resource_kind(id));
    size_t to = lineage_node(l, id);
    char region[32];

    lineage_link(l, from, relation, to, proof, detail);
    if (to == LINEAGE_NONE || relation != LINEAGE_COPY_OF)
        return;
    region_behind(behind, region);
    set_elsewhere(l, to, region);
    if (l->nodes[from].wanted)
        lineage_want(l, to);
}

static void add_mentions(struct lineage *l, size_t node, const char *text,
                         enum lineage_proof proof, const char *detail)
{
    char id[RESOURCE_ROOM];
    const char *rest = text;
    const char *at;

    for (int i = 0; i < NAMES_MAX && (at = resource_find(&rest, id)); i++)
        if (!ec2_volume_meaningless(id)
            || resource_kind(id) != RESOURCE_VOLUME)
            mention(l, node, text, at, id, rest, proof, detail);
}

/* ----------------------------------------------------------------- facts */

static bool is_usable(const struct ec2_snapshot *s)
{
    struct err ignored = ERR_INIT;

    return ec2_snapshot_usable(s, s->id, &ignored) == 0;
}

static void add_tags(struct lineage *l, size_t node,
                     const struct ec2_snapshot *s)
{
    for (size_t i = 0; i < s->ntags; i++)
        add_mentions(l, node, s->tags[i].value, PROOF_TAG, s->tags[i].key);
}

void lineage_add_snapshot(struct lineage *l, const struct ec2_snapshot *s)
{
    size_t at = lineage_node(l, s->id);
    struct lineage_node *n;

    if (at == LINEAGE_NONE || l->nodes[at].kind != RESOURCE_SNAPSHOT)
        return;
    n = &l->nodes[at];
    n->state = LINEAGE_KNOWN;
    set_time(l, n, s->start_time);
    set_text(l, &n->status, s->status);
    set_text(l, &n->description, s->description);
    set_text(l, &n->owner, s->owner_id);
    set_text(l, &n->key, s->data_encryption_key_id);
    n->gib = s->volume_gib;
    n->usable = is_usable(s);
    n->has_volume = !ec2_volume_meaningless(s->volume_id);
    if (n->has_volume)
        link_wanted(l, at, LINEAGE_TAKEN_OF, s->volume_id, PROOF_VOLUME_ID,
                    NULL);
    if (s->description)
        add_mentions(l, at, s->description, PROOF_DESCRIPTION,
                     s->description);
    add_tags(l, at, s);
}

/* The target's line alone goes to the instance; it ends there. */
static void add_attachments(struct lineage *l, size_t at,
                            const struct ec2_volume *v)
{
    const struct ec2_attachment *a = v->attachments.items;

    for (size_t i = 0; i < v->attachments.count; i++) {
        if (!a[i].instance_id)
            continue;
        lineage_link(l, at, LINEAGE_ATTACHED_TO,
                     lineage_node(l, a[i].instance_id), PROOF_ATTACHMENT,
                     a[i].device);
    }
}

void lineage_add_volume(struct lineage *l, const struct ec2_volume *v)
{
    size_t at = lineage_node(l, v->id);
    struct lineage_node *n;

    if (at == LINEAGE_NONE || l->nodes[at].kind != RESOURCE_VOLUME)
        return;
    n = &l->nodes[at];
    n->state = LINEAGE_KNOWN;
    n->gib = v->gib;
    set_time(l, n, v->create_time);
    set_text(l, &n->status, v->status);
    if (v->snapshot_id)
        link_wanted(l, at, LINEAGE_MADE_FROM, v->snapshot_id, PROOF_ORIGIN,
                    NULL);
    if (v->source_volume_id)
        link_wanted(l, at, LINEAGE_CLONE_OF, v->source_volume_id,
                    PROOF_ORIGIN, NULL);
    add_attachments(l, at, v);
}

void lineage_add_instance(struct lineage *l, const struct ec2_instance *i)
{
    size_t at = lineage_node(l, i->id);
    const struct ec2_device *d = i->devices.items;

    if (at == LINEAGE_NONE || l->nodes[at].kind != RESOURCE_INSTANCE)
        return;
    l->nodes[at].state = LINEAGE_KNOWN;
    set_text(l, &l->nodes[at].status, i->state);
    if (i->image_id)
        lineage_link(l, at, LINEAGE_LAUNCHED_FROM,
                     lineage_node(l, i->image_id), PROOF_INSTANCE, NULL);
    for (size_t k = 0; k < i->devices.count; k++) {
        size_t v = d[k].volume_id ? lineage_node(l, d[k].volume_id)
                                  : LINEAGE_NONE;

        lineage_link(l, v, LINEAGE_ATTACHED_TO, at, PROOF_ATTACHMENT,
                     d[k].name);
        if (at == l->target)
            lineage_want(l, v);
    }
}

void lineage_add_image(struct lineage *l, const struct ec2_image *m)
{
    size_t at = lineage_node(l, m->id);
    const struct ec2_device *d = m->devices.items;

    if (at == LINEAGE_NONE || l->nodes[at].kind != RESOURCE_IMAGE)
        return;
    l->nodes[at].state = LINEAGE_KNOWN;
    set_text(l, &l->nodes[at].owner, m->owner_id);
    set_text(l, &l->nodes[at].description, m->name);
    if (m->source_instance_id)
        lineage_link(l, at, LINEAGE_IMAGE_OF,
                     lineage_node(l, m->source_instance_id), PROOF_IMAGE,
                     NULL);
    for (size_t k = 0; k < m->devices.count; k++)
        if (d[k].snapshot_id)
            lineage_link(l, at, LINEAGE_USES,
                         lineage_node(l, d[k].snapshot_id), PROOF_MAPPING,
                         d[k].name);
}

/* ------------------------------------------------------------ CloudTrail */

static const struct {
    enum lineage_relation relation;
    bool wanted;              /* the line goes on with what it was made of */
} trail_links[] = {
    [TRAIL_SNAPSHOT] = { LINEAGE_TAKEN_OF, true },
    [TRAIL_COPY] = { LINEAGE_COPY_OF, true },
    [TRAIL_UPLOAD] = { LINEAGE_UPLOADED_ON, true },
    [TRAIL_VOLUME] = { LINEAGE_MADE_FROM, true },
    [TRAIL_INSTANCE] = { LINEAGE_LAUNCHED_FROM, false },
    [TRAIL_IMAGE] = { LINEAGE_IMAGE_OF, false },
};

static void add_deletion(struct lineage *l, size_t node,
                         const struct trail_event *x)
{
    if (l->nodes[node].kind == RESOURCE_SNAPSHOT)
        set_text(l, &l->nodes[node].deleted, x->time);
}

static void add_event(struct lineage *l, const struct trail_event *x)
{
    size_t made = lineage_find(l, x->made);
    size_t from = x->from[0] ? lineage_find(l, x->from) : LINEAGE_NONE;
    char detail[160];

    if (x->kind == TRAIL_DELETE) {
        if (made != LINEAGE_NONE)
            add_deletion(l, made, x);
        return;
    }
    if ((made == LINEAGE_NONE && from == LINEAGE_NONE) || !x->from[0]
        || (x->kind == TRAIL_SNAPSHOT && ec2_volume_meaningless(x->from)))
        return;
    made = lineage_node(l, x->made);
    if (made == LINEAGE_NONE)
        return;
    set_logged_time(l, &l->nodes[made], x->time);
    snprintf(detail, sizeof(detail), "%s, %s, event %s",
             trail_event_name(x->kind), x->time, x->event_id);
    if (x->kind == TRAIL_COPY && lineage_node(l, x->from) != LINEAGE_NONE)
        set_elsewhere(l, lineage_node(l, x->from), x->from_region);
    if (trail_links[x->kind].wanted)
        link_wanted(l, made, trail_links[x->kind].relation, x->from,
                    PROOF_CLOUDTRAIL, detail);
    else
        lineage_link(l, made, trail_links[x->kind].relation,
                     lineage_node(l, x->from), PROOF_CLOUDTRAIL, detail);
}

/* An event is found by either of the two things that it names. */
struct lineage_touch {
    const char *id;
    size_t event;
};

static int by_id(const void *a, const void *b)
{
    const struct lineage_touch *x = a;
    const struct lineage_touch *y = b;
    int r = strcmp(x->id, y->id);

    return r ? r : (x->event > y->event) - (x->event < y->event);
}

/* Another trail than before is looked at for all that is there. */
static void start_anew(struct lineage *l, const struct trail *t)
{
    free(l->touches);
    l->touches = NULL;
    l->ntouches = 0;
    l->touched = t->events;
    for (size_t i = 0; i < l->nnodes; i++)
        l->nodes[i].looked_up = false;
}

static void index_events(struct lineage *l, const struct trail *t)
{
    if (l->touched == t->events)
        return;
    start_anew(l, t);
    l->touches = calloc(t->count + 1, 2 * sizeof(*l->touches));
    if (!l->touches) {
        l->no_memory = true;
        return;
    }
    for (size_t i = 0; i < t->count; i++) {
        l->touches[l->ntouches++] = (struct lineage_touch){
            t->events[i].made, i };
        l->touches[l->ntouches++] = (struct lineage_touch){
            t->events[i].from, i };
    }
    qsort(l->touches, l->ntouches, sizeof(*l->touches), by_id);
}

/* The first that touches it, or ntouches. */
static size_t first_touch(const struct lineage *l, const char *id)
{
    size_t lo = 0;
    size_t hi = l->ntouches;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;

        if (strcmp(l->touches[mid].id, id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Once when it has come into the graph, and once more when the line goes on
 * with it: then so it does with what it was made of. */
static bool is_due(struct lineage_node *n)
{
    if (n->looked_up && (n->looked_up_wanted || !n->wanted))
        return false;
    n->looked_up = true;
    n->looked_up_wanted = n->wanted;
    return true;
}

static void look_up(struct lineage *l, const struct trail *t,
                    const char *id)
{
    for (size_t i = first_touch(l, id);
         i < l->ntouches && strcmp(l->touches[i].id, id) == 0; i++)
        add_event(l, &t->events[l->touches[i].event]);
}

/* A record may name what makes an earlier one of interest. */
void lineage_add_trail(struct lineage *l, const struct trail *t)
{
    bool more = true;

    index_events(l, t);
    while (more && !l->no_memory) {
        more = false;
        for (size_t i = 0; i < l->nnodes; i++)
            if (is_due(&l->nodes[i])) {
                look_up(l, t, l->nodes[i].id);
                more = true;
            }
    }
}

/* --------------------------------------------------------------- answers */

void lineage_add_answer(struct lineage *l, size_t a, size_t b,
                        enum lineage_answer answer, uint64_t changed,
                        bool more)
{
    char detail[80];

    if (answer == ANSWER_UNRELATED) {
        lineage_link(l, b, LINEAGE_UNRELATED, a, PROOF_CHANGED_BLOCKS, NULL);
        return;
    }
    snprintf(detail, sizeof(detail), "%s%" PRIu64 " block%s listed as changed",
             more ? "at least " : "", changed, changed == 1 ? "" : "s");
    lineage_link(l, b, LINEAGE_COMPARABLE, a, PROOF_CHANGED_BLOCKS, detail);
}
