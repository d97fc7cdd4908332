/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/case-rules.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/event.h"
#include "audit/log.h"
#include "audit/manifest.h"
#include "audit/outcome.h"
#include "base/json.h"
#include "base/snapshot-id.h"

struct case_rules_member {
    char snapshot[96];
    bool told;                /* what became of its image; the last time: */
    uint64_t status;
};

__attribute__((format(printf, 2, 3)))
static void tell(struct case_rules *r, const char *fmt, ...)
{
    va_list ap;
    int n;

    if (r->wrong[0])
        return;
    n = snprintf(r->wrong, sizeof(r->wrong), "line %" PRIu64 ": ", r->line);
    va_start(ap, fmt);
    vsnprintf(r->wrong + n, sizeof(r->wrong) - (size_t)n, fmt, ap);
    va_end(ap);
}

static struct case_rules_member *find(const struct case_rules *r,
                                      const char *snapshot)
{
    for (size_t i = 0; snapshot && i < r->count; i++)
        if (strcmp(r->members[i].snapshot, snapshot) == 0)
            return &r->members[i];
    return NULL;
}

/* ---------------------------------------------------------------- members */

static void on_case(struct case_rules *r, const cJSON *event)
{
    if (r->line > 1)
        tell(r, "a second event \"case\"");
    if (!event_number(event, "snapshots", &r->expected) || !r->expected)
        tell(r, "does not say how many snapshots there are");
}

static int add_member(struct case_rules *r, const char *snapshot,
                      struct err *e)
{
    struct case_rules_member *more = realloc(r->members, (r->count + 1)
                                                         * sizeof(*more));

    if (!more)
        return err_nomem(e);
    r->members = more;
    more[r->count] = (struct case_rules_member){ .told = false };
    snprintf(more[r->count].snapshot, sizeof(more->snapshot), "%s", snapshot);
    r->count++;
    return 0;
}

/* More than were announced are not kept. */
static int on_member(struct case_rules *r, const cJSON *event, struct err *e)
{
    const char *snapshot = event_text(event, "snapshot");
    uint64_t position = 0;

    if (!snapshot || !snapshot_id_ok(snapshot))
        tell(r, "a member that is no snapshot");
    else if (find(r, snapshot))
        tell(r, "%s is a member twice", snapshot);
    else if (r->complete || r->count >= r->expected)
        tell(r, "a member more than there are");
    else if (!event_number(event, "position", &position)
             || position != r->count + 1)
        tell(r, "a member that is not in its place");
    else
        return add_member(r, snapshot, e);
    return 0;
}

/* All are told before anything else is; a chain that died earlier has but the
 * first of them, and nothing behind. */
static void complete(struct case_rules *r)
{
    if (!r->complete && r->count != r->expected)
        tell(r, "%zu snapshots are named before it, of %" PRIu64, r->count,
             r->expected);
    r->complete = true;
}

/* ----------------------------------------------------------------- images */

static bool has_digests(const cJSON *event)
{
    unsigned char bytes[LOG_HASH > MANIFEST_HASH ? LOG_HASH : MANIFEST_HASH];

    return json_hex(event, "log_head", bytes, LOG_HASH)
        && json_hex(event, "manifest_sha256", bytes, MANIFEST_HASH)
        && json_hex(event, "manifest_root", bytes, MANIFEST_HASH);
}

static void on_image(struct case_rules *r, const cJSON *event)
{
    struct case_rules_member *m = find(r, event_text(event, "snapshot"));
    const char *verdict = event_text(event, "verdict");
    enum outcome o;

    if (!m) {
        tell(r, "an image of no member");
        return;
    }
    m->told = true;
    if (!verdict || outcome_parse(verdict, &o) < 0
        || !event_number(event, "exit_status", &m->status))
        tell(r, "does not say what became of the image of %s", m->snapshot);
    else if (outcome_is_good(o) != (m->status <= 1))
        tell(r, "the verdict on %s does not fit its exit status",
             m->snapshot);
    else if (outcome_is_good(o) && !has_digests(event))
        tell(r, "the image of %s was made, and its head or the digests of "
             "its manifest are missing", m->snapshot);
}

/* -------------------------------------------------------------------- end */

static size_t count(const struct case_rules *r, bool made)
{
    size_t n = 0;

    for (size_t i = 0; i < r->count; i++)
        n += r->members[i].told && (r->members[i].status <= 1) == made;
    return n;
}

static bool any_reserve(const struct case_rules *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->members[i].told && r->members[i].status)
            return true;
    return false;
}

/* A session that is gone on with may end before it comes to images that others
 * have made, and may find one that cannot be taken: then it has fewer.  One
 * that fails before it is begun has no event. */
static void on_end(struct case_rules *r, const cJSON *event)
{
    size_t made = count(r, true), failures = count(r, false);
    uint64_t images, failed, status;

    if (!event_number(event, "images", &images)
        || !event_number(event, "failed", &failed)
        || !event_number(event, "exit_status", &status))
        tell(r, "does not say how the chain ended");
    else if (images > made || images + failed > r->count
             || (!r->resumed && (images < made || failed < failures)))
        tell(r, "says that %" PRIu64 " images were made and %" PRIu64
             " failed: the events before it say %zu and %zu", images, failed,
             made, failures);
    else if (!r->resumed && status == 0 && any_reserve(r))
        tell(r, "says that all went well: the events before it do not");
}

/* ------------------------------------------------------------------- event */

static void on_other(struct case_rules *r, const char *name,
                     const cJSON *event)
{
    complete(r);
    r->resumed |= strcmp(name, "resume") == 0;
    r->ended = strcmp(name, "end") == 0;
    if (strcmp(name, "image") == 0)
        on_image(r, event);
    else if (r->ended)
        on_end(r, event);
}

int case_rules_event(struct case_rules *r, const cJSON *event, struct err *e)
{
    const char *name = event_name(event);

    r->line++;
    if (r->line == 1 && strcmp(name, "case") != 0)
        tell(r, "is not the beginning of a case log");
    if (r->ended && strcmp(name, "resume") != 0)
        tell(r, "stands behind the end of the chain");
    if (r->wrong[0])
        return 0;
    if (strcmp(name, "case") == 0)
        on_case(r, event);
    else if (strcmp(name, "member") == 0)
        return on_member(r, event, e);
    else
        on_other(r, name, event);
    return 0;
}

void case_rules_free(struct case_rules *r)
{
    free(r->members);
    r->members = NULL;
    r->count = 0;
}
