/* SPDX-License-Identifier: Apache-2.0 */
#include "discover/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

void row_take(struct row *r, struct ec2_snapshot *s, const char *region)
{
    memset(r, 0, sizeof(*r));
    r->snapshot = *s;
    memset(s, 0, sizeof(*s));
    r->region = region;
    if (r->snapshot.start_time)
        r->start = clock_parse_iso(r->snapshot.start_time);
}

void row_free(struct row *r)
{
    struct text *texts[] = { &r->instance, &r->device, &r->accounts,
                             &r->accounts_json };
    char *strings[] = { r->lock_state, r->lock_until, r->tiering,
                        r->archived, r->restore_expires };

    ec2_snapshot_free(&r->snapshot);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        text_free(texts[i]);
    for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++)
        free(strings[i]);
    memset(r, 0, sizeof(*r));
}

static size_t length(const char *s)
{
    return s ? strlen(s) + 32 : 0; /* with what malloc() adds */
}

size_t row_weight(const struct row *r)
{
    const struct ec2_snapshot *s = &r->snapshot;
    size_t n = sizeof(*r) + 1024; /* ids, times, words */

    n += length(s->description) + length(s->status_message)
        + length(s->kms_key_id) + length(s->outpost_arn);
    n += r->instance.room + r->device.room + r->accounts.room
        + r->accounts_json.room;
    for (size_t i = 0; i < s->ntags; i++)
        n += sizeof(s->tags[i]) + length(s->tags[i].key)
            + length(s->tags[i].value);
    return n;
}

bool row_is_between(const struct row *r, uint64_t from, uint64_t to)
{
    return !r->start || ((!from || r->start >= from)
                         && (!to || r->start <= to));
}

void row_add_name(struct text *list, const char *name)
{
    if (list->len)
        text_add(list, ", ");
    text_add(list, name);
}
