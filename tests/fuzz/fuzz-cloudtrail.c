/* SPDX-License-Identifier: Apache-2.0 */
/* Files of CloudTrail records, in the order given and in the other one: each
 * part of the input is a file. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "trail/cloudtrail.h"

#define FILES 8

/* What each kind of record may name. */
static const struct {
    enum resource made, from;
} kinds[] = {
    [TRAIL_SNAPSHOT] = { RESOURCE_SNAPSHOT, RESOURCE_VOLUME },
    [TRAIL_COPY] = { RESOURCE_SNAPSHOT, RESOURCE_SNAPSHOT },
    [TRAIL_UPLOAD] = { RESOURCE_SNAPSHOT, RESOURCE_SNAPSHOT },
    [TRAIL_VOLUME] = { RESOURCE_VOLUME, RESOURCE_SNAPSHOT },
    [TRAIL_INSTANCE] = { RESOURCE_INSTANCE, RESOURCE_IMAGE },
    [TRAIL_IMAGE] = { RESOURCE_IMAGE, RESOURCE_INSTANCE },
    [TRAIL_DELETE] = { RESOURCE_SNAPSHOT, RESOURCE_NONE },
};

#define ENDS(field) MUST(memchr(field, 0, sizeof(field)))

static void check_event(const struct trail_event *x)
{
    MUST(x->kind <= TRAIL_DELETE && trail_event_name(x->kind)[0]);
    ENDS(x->made);
    ENDS(x->from);
    ENDS(x->from_region);
    ENDS(x->time);
    ENDS(x->event_id);
    MUST(resource_kind(x->made) == kinds[x->kind].made);
    MUST(!x->from[0] || resource_kind(x->from) == kinds[x->kind].from);
    MUST(!x->from_region[0] || x->kind == TRAIL_COPY);
}

/* In the order of time, and no two alike. */
static void check_sorted(const struct trail *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct trail_event *x = &t->events[i];

        check_event(x);
        if (i == 0)
            continue;
        MUST(strcmp(x[-1].time, x->time) <= 0);
        MUST(memcmp(&x[-1], x, sizeof(*x)) != 0);
    }
}

static bool add_file(struct trail *t, const char *json)
{
    struct err e = ERR_INIT;
    size_t before = t->count;
    size_t n = strlen(json);
    int r;

    fuzz_count();
    r = trail_parse(t, json, n, &e);
    fuzz_spent_at_most(64 * 1024 + 128 * n
                       + 4 * t->count * sizeof(*t->events));
    MUST(r <= 0 || t->count == before);
    MUST(r >= 0 || (e.kind == ERR_USAGE && fuzz_is_shown(e.msg)));
    return r == 0;
}

/* The order of the files says nothing. */
static void read_files(char *const *files, size_t n)
{
    struct trail forth = { 0 };
    struct trail back = { 0 };

    for (size_t i = 0; i < n; i++)
        MUST(add_file(&forth, files[i]));
    for (size_t i = n; i-- > 0;)
        MUST(add_file(&back, files[i]));
    trail_sort(&forth);
    trail_sort(&back);
    check_sorted(&forth);
    MUST(forth.count == back.count && forth.records == back.records);
    if (forth.count)
        MUST(memcmp(forth.events, back.events,
                    forth.count * sizeof(*forth.events)) == 0);
    trail_free(&forth);
    trail_free(&back);
}

int fuzz_one(const uint8_t *data, size_t size)
{
    char *files[FILES];
    size_t n = 0;

    while (size && n < FILES) {
        struct trail alone = { 0 };

        files[n] = fuzz_part(&data, &size);
        if (add_file(&alone, files[n]))
            n++;
        else
            free(files[n]);
        trail_free(&alone);
    }
    read_files(files, n);
    while (n)
        free(files[--n]);
    return 0;
}
