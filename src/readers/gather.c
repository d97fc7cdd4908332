/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/gather.h"

#include <inttypes.h>

#include "base/json.h"
#include "trail/trail-files.h"

static void note_time(struct gather *g, const struct reading *a)
{
    g->data++;
    if (!a->seconds)
        return;
    if (!g->first || a->seconds < g->first)
        g->first = a->seconds;
    if (a->seconds > g->last)
        g->last = a->seconds;
}

static int on_record(void *ctx, const cJSON *record, struct err *e)
{
    struct gather *g = ctx;
    struct reading a;
    bool is_reading = reading_read(record, &a);

    g->no_source += !reading_text(record, "eventSource")[0];
    g->readings += is_reading;
    if (is_reading && a.call != READING_DECRYPT)
        note_time(g, &a);
    return g->take(g->ctx, record, is_reading ? &a : NULL, e);
}

int gather_read(struct gather *g, const struct option_list *files,
                struct err *e)
{
    static const enum trail_unused lost[] = { UNUSED_BROKEN, UNUSED_WRAPPED,
                                              UNUSED_LARGE, UNUSED_OTHER };

    g->trail.each = on_record;
    g->trail.ctx = g;
    for (size_t i = 0; i < files->count; i++)
        if (trail_read(&g->trail, &g->notes, files->items[i], e) < 0)
            return -1;
    for (size_t i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
        g->incomplete |= g->trail.unused[lost[i]] > 0;
    g->incomplete |= g->trail.left_out > 0;
    return 0;
}

void gather_free(struct gather *g)
{
    trail_free(&g->trail);
    notes_free(&g->notes);
    seen_free(&g->seen);
}

int gather_again(struct gather *g, const struct reading *a, struct err *e)
{
    int r = seen_add(&g->seen, a->event_id, e);

    g->copies += r > 0;
    return r;
}

/* ------------------------------------------------------------------- notes */

static int note_bounds(struct gather *g, const struct crowd *c,
                       struct err *e)
{
    uint64_t left_out = 0;

    for (size_t i = 0; i < c->count; i++)
        left_out += c->readers[i].blocks.left_out;
    g->incomplete |= left_out || c->no_room;
    if (left_out
        && notes_add(&g->notes, e, "no room for the blocks of %" PRIu64
                     " records: their readers got more blocks than are "
                     "counted; name fewer snapshots", left_out) < 0)
        return -1;
    if (c->no_room
        && notes_add(&g->notes, e, "more than %u readers: %" PRIu64
                     " records of others are left out; name fewer snapshots",
                     CROWD_MAX, c->no_room) < 0)
        return -1;
    return g->seen.begun_anew
        ? notes_add(&g->notes, e, "so many records that a copy of one may be "
                    "counted as a call of its own, when millions stand "
                    "between the two") : 0;
}

static int note_odd(struct gather *g, const struct crowd *c, struct err *e)
{
    uint64_t odd = 0;

    for (size_t i = 0; i < c->count; i++)
        odd += c->readers[i].odd;
    g->incomplete |= odd > 0;
    return odd ? notes_add(&g->notes, e, "answered calls for a block do not "
                           "name it: %" PRIu64, odd) : 0;
}

static int note_nameless(struct gather *g, const struct crowd *c,
                         struct err *e)
{
    uint64_t nameless = 0;

    for (size_t i = 0; i < c->count; i++)
        if (!c->readers[i].thing[0])
            nameless += reader_calls(&c->readers[i])
                - reader_failed(&c->readers[i]);
    g->incomplete |= nameless || g->no_source;
    if (nameless
        && notes_add(&g->notes, e, "answered calls do not name their "
                     "snapshot: %" PRIu64, nameless) < 0)
        return -1;
    return g->no_source
        ? notes_add(&g->notes, e, "records that do not name their service "
                    "(eventSource) cannot be used: %" PRIu64, g->no_source)
        : 0;
}

int gather_notes(struct gather *g, const struct crowd *c, struct err *e)
{
    if (note_bounds(g, c, e) < 0 || note_odd(g, c, e) < 0
        || note_nameless(g, c, e) < 0)
        return -1;
    if (g->data)
        return 0;
    return notes_add(&g->notes, e, "no record of a block that was read or "
                     "listed, by anybody: CloudTrail keeps them only where "
                     "data events of AWS::EC2::Snapshot were switched on");
}

void gather_json(const struct gather *g, struct text *t)
{
    static const char *const names[TRAIL_UNUSED] = {
        [UNUSED_BROKEN] = "places_no_json",
        [UNUSED_WRAPPED] = "wrapped_no_json",
        [UNUSED_LARGE] = "too_large",
        [UNUSED_OTHER] = "no_records",
        [UNUSED_KNOWN] = "something_else",
    };

    json_put_u64(t, "records", g->trail.records);
    json_put_u64(t, "records_of_reading", g->readings);
    json_put_u64(t, "records_without_source", g->no_source);
    json_put_u64(t, "copies", g->copies);
    json_open(t, "unused", '{');
    for (int i = 0; i < TRAIL_UNUSED; i++)
        json_put_u64(t, names[i], g->trail.unused[i]);
    json_close(t, '}');
    json_put_u64(t, "files_left_out", g->trail.left_out);
    json_put_bool(t, "incomplete", g->incomplete);
    json_open(t, "notes", '[');
    for (size_t i = 0; i < g->notes.count; i++)
        json_put_text(t, NULL, g->notes.list[i]);
    json_close(t, ']');
}
