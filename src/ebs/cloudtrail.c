#include "ebs/cloudtrail.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "ebs/page.h"

#define DEPTH 8

/* What was made is named in the answer, in as many objects as there are
 * things; what of, in the same object or else in the request. */
static const struct row {
    const char *event;
    enum trail_kind kind;
    const char *made;
    enum resource made_kind;
    const char *from;
    enum resource from_kind;
} rows[] = {
    { "CreateSnapshot", TRAIL_SNAPSHOT, "snapshotId", RESOURCE_SNAPSHOT,
      "volumeId", RESOURCE_VOLUME },
    { "CreateSnapshots", TRAIL_SNAPSHOT, "snapshotId", RESOURCE_SNAPSHOT,
      "volumeId", RESOURCE_VOLUME },
    { "CopySnapshot", TRAIL_COPY, "snapshotId", RESOURCE_SNAPSHOT,
      "sourceSnapshotId", RESOURCE_SNAPSHOT },
    { "StartSnapshot", TRAIL_UPLOAD, "snapshotId", RESOURCE_SNAPSHOT,
      "parentSnapshotId", RESOURCE_SNAPSHOT },
    { "CreateVolume", TRAIL_VOLUME, "volumeId", RESOURCE_VOLUME,
      "snapshotId", RESOURCE_SNAPSHOT },
    { "RunInstances", TRAIL_INSTANCE, "instanceId", RESOURCE_INSTANCE,
      "imageId", RESOURCE_IMAGE },
    { "CreateImage", TRAIL_IMAGE, "imageId", RESOURCE_IMAGE,
      "instanceId", RESOURCE_INSTANCE },
    { "DeleteSnapshot", TRAIL_DELETE, "snapshotId", RESOURCE_SNAPSHOT,
      NULL, RESOURCE_NONE },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const char *trail_event_name(enum trail_kind kind)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].kind == kind)
            return rows[i].event;
    return "";
}

static const char *text_of(const cJSON *j, const char *name)
{
    const cJSON *m = cJSON_GetObjectItemCaseSensitive(j, name);

    return cJSON_IsString(m) ? m->valuestring : NULL;
}

/* The member when it is the id of such a thing, else NULL. */
static const char *id_of(const cJSON *j, const char *name,
                         enum resource kind)
{
    const char *id = name ? text_of(j, name) : NULL;

    return id && resource_kind(id) == kind ? id : NULL;
}

/* Anywhere inside, the first one. */
static const char *find_id(const cJSON *j, const char *name,
                           enum resource kind, int depth)
{
    const char *id = id_of(j, name, kind);
    const cJSON *child;

    if (id || depth == 0)
        return id;
    cJSON_ArrayForEach(child, j)
        if ((id = find_id(child, name, kind, depth - 1)))
            return id;
    return NULL;
}

static void copy(char *to, size_t room, const char *from)
{
    snprintf(to, room, "%s", from ? from : "");
}

/* One record, while all that it made is looked for. */
struct taking {
    struct trail *trail;
    const struct row *row;
    const cJSON *record;
    const cJSON *request;
    const char *from;         /* what the request names, for all of them */
};

/* Room for one event more.  There is room for a power of two. */
static int grow(struct trail *t, struct err *e)
{
    struct trail_event *more;

    if (t->count & (t->count - 1))
        return 0;
    more = realloc(t->events, (t->count ? 2 * t->count : 1) * sizeof(*more));
    if (!more)
        return err_nomem(e);
    t->events = more;
    return 0;
}

static int add(const struct taking *k, const char *made, const char *from,
               struct err *e)
{
    struct trail_event *x;

    if (grow(k->trail, e) < 0)
        return -1;
    x = &k->trail->events[k->trail->count++];
    memset(x, 0, sizeof(*x));
    x->kind = k->row->kind;
    copy(x->made, sizeof(x->made), made);
    copy(x->from, sizeof(x->from), from ? from : k->from);
    copy(x->time, sizeof(x->time), text_of(k->record, "eventTime"));
    copy(x->event_id, sizeof(x->event_id), text_of(k->record, "eventID"));
    if (x->kind == TRAIL_COPY)
        copy(x->from_region, sizeof(x->from_region),
             text_of(k->request, "sourceRegion"));
    return 0;
}

/* Every object of the answer that names something made. */
static int add_all(const struct taking *k, const cJSON *j, int depth,
                   struct err *e)
{
    const char *made = id_of(j, k->row->made, k->row->made_kind);
    const cJSON *child;

    if (made)
        return add(k, made, id_of(j, k->row->from, k->row->from_kind), e);
    if (depth == 0)
        return 0;
    cJSON_ArrayForEach(child, j)
        if (add_all(k, child, depth - 1, e) < 0)
            return -1;
    return 0;
}

static int take_as(struct trail *t, const struct row *row,
                   const cJSON *record, struct err *e)
{
    const cJSON *request = cJSON_GetObjectItemCaseSensitive(
        record, "requestParameters");
    const cJSON *answer = cJSON_GetObjectItemCaseSensitive(
        record, "responseElements");
    struct taking k = { t, row, record, request, NULL };

    if (row->from)
        k.from = find_id(request, row->from, row->from_kind, DEPTH);
    return add_all(&k, row->kind == TRAIL_DELETE ? request : answer, DEPTH,
                   e);
}

static int take_record(struct trail *t, const cJSON *record, struct err *e)
{
    const char *name = text_of(record, "eventName");

    t->records++;
    if (!name || text_of(record, "errorCode"))
        return 0;
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(name, rows[i].event) == 0)
            return take_as(t, &rows[i], record, e);
    return 0;
}

/* lookup-events wraps each record as text. */
static int take_wrapped(struct trail *t, const cJSON *events, struct err *e)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, events) {
        const char *text = text_of(item, "CloudTrailEvent");
        autojson cJSON *record = text ? cJSON_Parse(text) : NULL;

        if (record && take_record(t, record, e) < 0)
            return -1;
    }
    return 0;
}

static int take_list(struct trail *t, const cJSON *list, struct err *e)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
        if (take_record(t, item, e) < 0)
            return -1;
    return 0;
}

/* A list without a name is one of records if one of them looks like it. */
static bool has_a_record(const cJSON *list)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
        if (text_of(item, "eventName"))
            return true;
    return false;
}

/* One JSON value of a file: 1 taken, 0 nothing like records, -1. */
static int take_value(struct trail *t, const cJSON *j, struct err *e)
{
    const cJSON *records = cJSON_GetObjectItemCaseSensitive(j, "Records");
    const cJSON *events = cJSON_GetObjectItemCaseSensitive(j, "Events");
    int r;

    if (cJSON_IsArray(records))
        r = take_list(t, records, e);
    else if (cJSON_IsArray(events))
        r = take_wrapped(t, events, e);
    else if (cJSON_IsArray(j) && has_a_record(j))
        r = take_list(t, j, e);
    else if (text_of(j, "eventName"))
        r = take_record(t, j, e);
    else
        return 0;
    return r < 0 ? -1 : 1;
}

static size_t skip_blanks(const char *json, size_t at, size_t n)
{
    while (at < n && isspace((unsigned char)json[at]))
        at++;
    return at;
}

int trail_parse(struct trail *t, const char *json, size_t n, struct err *e)
{
    size_t at = skip_blanks(json, 0, n);
    bool any = false;

    if (at == n)
        return err_set(e, ERR_USAGE, 0, "it is empty");
    while (at < n) {
        const char *end = NULL;
        autojson cJSON *j = cJSON_ParseWithLengthOpts(json + at, n - at,
                                                      &end, false);
        int r = j ? take_value(t, j, e) : 0;

        if (r < 0)
            return -1;
        if (!j || !end || end <= json + at)
            return err_set(e, ERR_USAGE, 0, "it is not JSON from byte %zu "
                           "on", at);
        any |= r > 0;
        at = skip_blanks(json, (size_t)(end - json), n);
    }
    return any ? 0 : 1;
}

/* By time; and then by all that they tell, so that the order of the files
 * changes nothing and only what is told twice is left out. */
static int by_time(const void *a, const void *b)
{
    const struct trail_event *x = a;
    const struct trail_event *y = b;
    const char *const pairs[][2] = {
        { x->time, y->time }, { x->event_id, y->event_id },
        { x->made, y->made }, { x->from, y->from },
        { x->from_region, y->from_region },
    };
    int r = 0;

    for (size_t i = 0; r == 0 && i < sizeof(pairs) / sizeof(pairs[0]); i++)
        r = strcmp(pairs[i][0], pairs[i][1]);
    return r ? r : (int)x->kind - (int)y->kind;
}

void trail_sort(struct trail *t)
{
    size_t kept = 0;

    if (t->count)
        qsort(t->events, t->count, sizeof(*t->events), by_time);
    for (size_t i = 0; i < t->count; i++) {
        if (kept && by_time(&t->events[kept - 1], &t->events[i]) == 0)
            continue;
        t->events[kept++] = t->events[i];
    }
    t->count = kept;
}

void trail_free(struct trail *t)
{
    free(t->events);
    memset(t, 0, sizeof(*t));
}
