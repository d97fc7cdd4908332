/* SPDX-License-Identifier: Apache-2.0 */
#include "discover/columns.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"

/* ------------------------------------------------------------ the pieces */

static void set(struct cell *c, enum cell_kind kind, const char *text)
{
    c->kind = kind;
    c->text = text;
}

/* What EC2 always tells. */
static void told(struct cell *c, enum cell_kind kind, const char *text)
{
    set(c, text && *text ? kind : CELL_UNKNOWN, text);
}

/* What EC2 tells when there is such a thing. */
static void optional(struct cell *c, enum cell_kind kind, const char *text)
{
    set(c, text && *text ? kind : CELL_NONE, text);
}

/* What was asked for, or not. */
static void asked(struct cell *c, enum known known, enum cell_kind kind,
                  const char *text)
{
    if (known == KNOWN)
        optional(c, kind, text);
    else
        set(c, CELL_UNKNOWN, NULL);
}

#define GET(name) \
    static void name(const struct row *r, struct cell *c)

GET(region) { told(c, CELL_TEXT, r->region); }
GET(snapshot) { told(c, CELL_TEXT, r->snapshot.id); }
GET(volume) { told(c, CELL_TEXT, r->snapshot.volume_id); }
GET(instance) { asked(c, r->place, CELL_TEXT, r->instance.s); }
GET(device) { asked(c, r->place, CELL_TEXT, r->device.s); }
GET(start) { told(c, CELL_TIME, r->snapshot.start_time); }
GET(completed) { optional(c, CELL_TIME, r->snapshot.completion_time); }
GET(state) { told(c, CELL_TEXT, r->snapshot.status); }
GET(reason) { optional(c, CELL_TEXT, r->snapshot.status_message); }
GET(tier) { told(c, CELL_TEXT, r->snapshot.storage_tier); }
GET(owner) { told(c, CELL_TEXT, r->snapshot.owner_id); }
GET(alias) { optional(c, CELL_TEXT, r->snapshot.owner_alias); }
GET(data_key) { optional(c, CELL_TEXT, r->snapshot.data_encryption_key_id); }
GET(zone) { optional(c, CELL_TEXT, r->snapshot.availability_zone); }
GET(outpost) { optional(c, CELL_TEXT, r->snapshot.outpost_arn); }
GET(description) { optional(c, CELL_TEXT, r->snapshot.description); }
GET(lock_until) { asked(c, r->lock, CELL_TIME, r->lock_until); }
GET(archived) { asked(c, r->tier, CELL_TIME, r->archived); }

GET(size)
{
    c->kind = CELL_NUMBER;
    c->number = r->snapshot.volume_gib;
}

/* EC2: of all blocks that are stored, inherited ones too; not told of one
 * that is not complete, nor of some old ones. */
GET(stored)
{
    c->kind = r->snapshot.full_size.told ? CELL_BYTES : CELL_UNKNOWN;
    c->number = r->snapshot.full_size.value;
}

GET(progress)
{
    const char *status = r->snapshot.status;

    if (status && strcmp(status, "completed") != 0)
        optional(c, CELL_TEXT, r->snapshot.progress);
}

GET(encrypted)
{
    c->kind = r->snapshot.encrypted.told ? CELL_BOOL : CELL_UNKNOWN;
    c->number = r->snapshot.encrypted.value;
}

GET(kms_key)
{
    if (r->snapshot.encrypted.value)
        told(c, CELL_TEXT, r->snapshot.kms_key_id);
}

GET(lock)
{
    asked(c, r->lock, CELL_TEXT, r->lock_state ? r->lock_state : "none");
}

GET(sharing)
{
    static const char *const words[] = {
        [SHARED_NOT] = "private",
        [SHARED_ACCOUNTS] = "accounts",
        [SHARED_PUBLIC] = "public",
    };

    asked(c, r->sharing, CELL_TEXT, words[r->shared]);
}

GET(shared_with)
{
    asked(c, r->sharing, CELL_LIST, r->accounts.s);
    text_addf(&c->made_json, "[%s]",
              r->accounts_json.s ? r->accounts_json.s : "");
}

GET(tiering)
{
    asked(c, r->tier, CELL_TEXT, r->tiering ? r->tiering : "none");
}

/* EC2 tells it with the snapshot, too. */
GET(restore_expires)
{
    const char *told_anyway = r->snapshot.restore_expiry_time;

    if (told_anyway && *told_anyway)
        set(c, CELL_TIME, told_anyway);
    else if (r->tier == NOT_ASKED)
        set(c, CELL_NONE, NULL);
    else
        asked(c, r->tier, CELL_TIME, r->restore_expires);
}

GET(tags)
{
    const struct ec2_snapshot *s = &r->snapshot;

    text_add(&c->made_json, "[");
    for (size_t i = 0; i < s->ntags; i++) {
        text_add(&c->made, i ? ", " : "");
        text_add(&c->made, s->tags[i].key);
        text_add(&c->made, "=");
        text_add(&c->made, s->tags[i].value);
        text_add(&c->made_json, i ? ",{\"key\":" : "{\"key\":");
        text_add_json(&c->made_json, s->tags[i].key);
        text_add(&c->made_json, ",\"value\":");
        text_add_json(&c->made_json, s->tags[i].value);
        text_add(&c->made_json, "}");
    }
    text_add(&c->made_json, "]");
    optional(c, CELL_LIST, c->made.s);
}

/* ------------------------------------------------------------- the table */

const struct column columns[] = {
    { "region", "region", WITH_REGIONS, 14, 2, false, region },
    { "snapshot", "snapshot", ALWAYS, 22, 1, false, snapshot },
    { "volume", "volume", ALWAYS, 21, 9, false, volume },
    { "instance", "instance", WITH_PLACES, 19, 10, false, instance },
    { "device", "device", WITH_PLACES, 10, 8, false, device },
    { "start_time", "start", ALWAYS, 20, 3, false, start },
    { "size_gib", "GiB", ALWAYS, 5, 4, true, size },
    { "stored_bytes", "stored", ALWAYS, 10, 5, true, stored },
    { "state", "state", ALWAYS, 9, 6, false, state },
    { "tier", "tier", ALWAYS, 8, 7, false, tier },
    { "completion_time", "completed", ALWAYS, 20, 0, false, completed },
    { "progress", "progress", ALWAYS, 8, 0, false, progress },
    { "state_reason", "because", ALWAYS, 20, 0, false, reason },
    { "encrypted", "encrypted", ALWAYS, 9, 11, false, encrypted },
    { "kms_key", "key", ALWAYS, 20, 0, false, kms_key },
    { "data_key", "data key", ALWAYS, 20, 0, false, data_key },
    { "owner", "owner", ALWAYS, 12, 15, false, owner },
    { "owner_alias", "alias", ALWAYS, 12, 0, false, alias },
    { "availability_zone", "zone", ALWAYS, 12, 0, false, zone },
    { "outpost", "outpost", ALWAYS, 12, 0, false, outpost },
    { "lock", "lock", WITH_DETAILS, 10, 12, false, lock },
    { "lock_until", "locked until", WITH_DETAILS, 20, 0, false, lock_until },
    { "sharing", "sharing", WITH_DETAILS, 8, 13, false, sharing },
    { "shared_with", "shared with", WITH_DETAILS, 12, 0, false,
      shared_with },
    { "tiering", "tiering", WITH_DETAILS, 18, 0, false, tiering },
    { "archived", "archived", WITH_DETAILS, 20, 0, false, archived },
    { "restore_expires", "restored until", ALWAYS, 20, 0, false,
      restore_expires },
    { "description", "description", ALWAYS, 30, 14, false, description },
    { "tags", "tags", ALWAYS, 30, 16, false, tags },
};

const size_t columns_count = sizeof(columns) / sizeof(columns[0]);

void column_read(const struct column *k, const struct row *r,
                 struct cell *c)
{
    memset(c, 0, sizeof(*c));
    k->get(r, c);
    if (c->kind == CELL_LIST)
        c->json = c->made_json.s;
}

void cell_free(struct cell *c)
{
    text_free(&c->made);
    text_free(&c->made_json);
}

/* "2026-08-01 12:00:00Z"; another time of the service's as it is. */
static void add_time(struct text *t, const char *s)
{
    if (!clock_parse_iso(s)) {
        text_add_shown(t, s);
        return;
    }
    text_addf(t, "%.10s %.8sZ", s, s + 11);
}

void cell_add_shown(const struct cell *c, struct text *t)
{
    char size[32];

    switch (c->kind) {
    case CELL_NONE:
        text_add(t, "-");
        break;
    case CELL_UNKNOWN:
        text_add(t, "?");
        break;
    case CELL_TEXT:
    case CELL_LIST:
        text_add_shown(t, c->text);
        break;
    case CELL_NUMBER:
        text_addf(t, "%" PRIu64, c->number);
        break;
    case CELL_BYTES:
        text_add(t, size_text(size, c->number));
        break;
    case CELL_BOOL:
        text_add(t, c->number ? "yes" : "no");
        break;
    case CELL_TIME:
        add_time(t, c->text);
        break;
    }
    t->failed |= c->made.failed || c->made_json.failed;
}
