/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/cloudtrail.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/json.h"
#include "base/text.h"
#include "trail/splitter.h"

#define DEPTH 8

#define EVENTS_MAX 1000000u

/* cJSON takes 64 bytes for each value. */
#define VALUES_MAX 200000u

/* A file without a record, and with something that is no JSON, is read so
 * far: the end of a log that was cut at its beginning is one. */
#define HOPE_MAX (4 * 1024 * 1024)

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

/* The member when it is the id of such a thing, else NULL. */
static const char *id_of(const cJSON *j, const char *name,
                         enum resource kind)
{
    const char *id = name ? json_text(j, name) : NULL;

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

/* Room for one event more.  One record a thousand times over takes no room
 * that is worth packing: what comes twice is left out before there is more. */
static int grow(struct trail *t, struct err *e)
{
    size_t room = t->room ? 2 * t->room : 1;
    struct trail_event *more;

    if (t->count < t->room)
        return 0;
    trail_sort(t);
    if (t->count < t->room / 2)
        return 0;
    if (t->count >= EVENTS_MAX)
        return err_set(e, ERR_USAGE, 0, "more than %u records of calls that "
                       "make or delete snapshots", EVENTS_MAX);
    more = realloc(t->events, room * sizeof(*more));
    if (!more)
        return err_nomem(e);
    t->events = more;
    t->room = room;
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
    copy(x->time, sizeof(x->time), json_text(k->record, "eventTime"));
    copy(x->event_id, sizeof(x->event_id), json_text(k->record, "eventID"));
    if (x->kind == TRAIL_COPY)
        copy(x->from_region, sizeof(x->from_region),
             json_text(k->request, "sourceRegion"));
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
    const char *name = json_text(record, "eventName");

    t->records++;
    if (t->each)
        return t->each(t->ctx, record, e);
    if (json_text(record, "errorCode"))
        return 0;
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(name, rows[i].event) == 0)
            return take_as(t, &rows[i], record, e);
    return 0;
}

/* --------------------------------------------------- what records come in */

/* The members that lead to a record, which may be a text again. */
static const struct wrap {
    const char *path[3];
    bool always;          /* nothing else is ever there */
} wraps[] = {
    { { "CloudTrailEvent" }, true },             /* lookup-events */
    { { "detail" }, false },                     /* EventBridge */
    { { "message" }, false },                    /* CloudWatch Logs */
    { { "@message" }, false },
    { { "_source", "event", "original" }, false },  /* Elastic */
    { { "_source", "message" }, false },
    { { "event", "original" }, false },
    { { "result", "_raw" }, false },             /* Splunk */
    { { "_raw" }, false },
};

/* A text in an object in a list in a file: nothing is wrapped more often. */
#define WRAPS_MAX 3

static const cJSON *unwrap(const cJSON *j, const struct wrap *w)
{
    for (size_t i = 0; i < 3 && w->path[i] && j; i++)
        j = cJSON_GetObjectItemCaseSensitive(j, w->path[i]);
    return cJSON_IsObject(j) || cJSON_IsString(j) ? j : NULL;
}

static int take_object(struct trail *t, const cJSON *j, int wrapped,
                       struct err *e);

/* As records do, in whatever form. */
static bool names_event(const char *json)
{
    return strcasestr(json, "eventName");
}

/* A line of a log may be any text; one that begins as a record does, and is
 * none, was one. */
static int take_text(struct trail *t, const struct wrap *w, const char *text,
                     int wrapped, struct err *e)
{
    autojson cJSON *j = cJSON_Parse(text);
    bool meant = w->always || *text == '{';

    if (j)
        return take_object(t, j, wrapped + 1, e);
    t->unused[meant ? UNUSED_WRAPPED
              : names_event(text) ? UNUSED_OTHER : UNUSED_KNOWN]++;
    return 0;
}

/* Insights tell how often something is called, and by nobody in
 * particular. */
static bool is_insight(const cJSON *j)
{
    const char *type = json_text(j, "eventType");

    return type && strcmp(type, "AwsCloudTrailInsight") == 0;
}

static int take_object(struct trail *t, const cJSON *j, int wrapped,
                       struct err *e)
{
    if (json_text(j, "eventName"))
        return take_record(t, j, e);
    for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0])
                       && wrapped < WRAPS_MAX; i++) {
        const cJSON *inside = unwrap(j, &wraps[i]);

        if (cJSON_IsObject(inside))
            return take_object(t, inside, wrapped + 1, e);
        if (inside)
            return take_text(t, &wraps[i], inside->valuestring, wrapped, e);
    }
    t->unused[is_insight(j) ? UNUSED_KNOWN : UNUSED_OTHER]++;
    return 0;
}

/* ------------------------------------------------------------- one file */

struct trail_reader {
    struct trail *trail;
    struct splitter *splitter;
    uint64_t records;                /* of the trail, before this file */
    uint64_t unused[TRAIL_UNUSED];   /* likewise */
    bool lists;                      /* of records, be they empty */
    bool alike;                      /* something speaks of events */
    unsigned char head[2];           /* the first bytes */
    bool anything;                   /* but blanks and the mark of UTF-8 */
    bool begins;                     /* as JSON does */
    uint64_t broken_at, bytes;
};

static int on_object(void *ctx, const char *json, size_t n, struct err *e)
{
    struct trail_reader *r = ctx;
    autojson cJSON *j = NULL;

    if (n > VALUES_MAX && text_count(json, n, ',') > VALUES_MAX) {
        r->trail->unused[UNUSED_LARGE]++;
        return 0;
    }
    j = cJSON_ParseWithLength(json, n);
    r->alike = r->alike || names_event(json);
    if (j)
        return take_object(r->trail, j, 0, e);
    r->trail->unused[UNUSED_BROKEN]++;
    return 0;
}

static void on_list(void *ctx)
{
    struct trail_reader *r = ctx;

    r->lists = true;
}

static void on_scalar(void *ctx)
{
    struct trail_reader *r = ctx;

    r->trail->unused[UNUSED_OTHER]++;
}

static void on_large(void *ctx)
{
    struct trail_reader *r = ctx;

    r->trail->unused[UNUSED_LARGE]++;
}

static uint64_t broken(const struct trail_reader *r)
{
    return r->trail->unused[UNUSED_BROKEN] - r->unused[UNUSED_BROKEN];
}

static void on_broken(void *ctx, uint64_t offset)
{
    struct trail_reader *r = ctx;

    if (!broken(r))
        r->broken_at = offset;
    r->trail->unused[UNUSED_BROKEN]++;
}

struct trail_reader *trail_begin(struct trail *t, struct err *e)
{
    static const char *const lists[] = { "Records", "Events", "events",
                                         "logEvents", "hits", NULL };
    static const char *const holders[] = { "hits", NULL };
    struct trail_reader *r = calloc(1, sizeof(*r));
    const struct splitter_config config = {
        lists, holders, on_object, on_list, on_scalar, on_large, on_broken, r,
    };

    if (!r) {
        err_nomem(e);
        return NULL;
    }
    r->trail = t;
    r->records = t->records;
    memcpy(r->unused, t->unused, sizeof(r->unused));
    r->splitter = splitter_new(&config, e);
    if (r->splitter)
        return r;
    free(r);
    return NULL;
}

void trail_abandon(struct trail_reader *r)
{
    if (!r)
        return;
    splitter_free(r->splitter);
    free(r);
}

static void look_at_beginning(struct trail_reader *r, const char *data,
                              size_t n)
{
    for (size_t i = 0; i < n && r->bytes + i < sizeof(r->head); i++)
        r->head[r->bytes + i] = (unsigned char)data[i];
    for (size_t i = 0; i < n && !r->anything; i++) {
        r->anything = !memchr(" \t\r\n\xef\xbb\xbf", data[i], 7);
        r->begins = data[i] == '{' || data[i] == '[';
    }
}

int trail_feed(struct trail_reader *r, const char *data, size_t n,
               struct err *e)
{
    look_at_beginning(r, data, n);
    r->bytes += n;
    return splitter_feed(r->splitter, data, n, e);
}

bool trail_hopeless(const struct trail_reader *r)
{
    return broken(r) && r->trail->records == r->records
        && r->bytes > HOPE_MAX;
}

static bool is_utf16(const struct trail_reader *r)
{
    return memcmp(r->head, "\xff\xfe", 2) == 0
        || memcmp(r->head, "\xfe\xff", 2) == 0;
}

static int judge(const struct trail_reader *r, struct err *e)
{
    if (r->trail->records > r->records || (r->lists && !broken(r)))
        return TRAIL_TAKEN;
    if (!r->anything)
        return TRAIL_EMPTY;
    if (!broken(r))
        return r->alike ? TRAIL_ALIKE : TRAIL_OTHER;
    if (!r->begins)
        return is_utf16(r) ? TRAIL_UTF16 : TRAIL_NO_JSON;
    return err_set(e, ERR_USAGE, 0, "it is not JSON from byte %" PRIu64
                   " on", r->broken_at);
}

int trail_end(struct trail_reader *r, struct err *e)
{
    int result;

    splitter_end(r->splitter);
    result = judge(r, e);
    if (result != TRAIL_TAKEN)
        memcpy(r->trail->unused, r->unused, sizeof(r->unused));
    trail_abandon(r);
    return result;
}

int trail_parse(struct trail *t, const char *json, size_t n, struct err *e)
{
    struct trail_reader *r = trail_begin(t, e);

    if (!r)
        return -1;
    if (trail_feed(r, json, n, e) == 0)
        return trail_end(r, e);
    trail_abandon(r);
    return -1;
}

const char *trail_file_words(enum trail_file f)
{
    static const char *const words[] = {
        [TRAIL_TAKEN] = "it holds CloudTrail records",
        [TRAIL_OTHER] = "it holds no CloudTrail records",
        [TRAIL_EMPTY] = "it is empty",
        [TRAIL_NO_JSON] = "it is not JSON",
        [TRAIL_UTF16] = "it is text in UTF-16: iconv -f UTF-16 -t UTF-8 "
                        "makes it readable",
        [TRAIL_ALIKE] = "it speaks of events, and holds no CloudTrail records "
                        "in a form that is known",
    };

    return words[f];
}

const char *trail_unused_words(enum trail_unused u)
{
    static const char *const words[] = {
        [UNUSED_BROKEN] = "places that are no JSON",
        [UNUSED_WRAPPED] = "wrapped records that are no JSON",
        [UNUSED_LARGE] = "entries that are larger than a record can be",
        [UNUSED_OTHER] = "entries that are no CloudTrail records",
        [UNUSED_KNOWN] = "lines of logs and Insights",
    };

    return words[u];
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
