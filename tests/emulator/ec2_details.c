/* SPDX-License-Identifier: Apache-2.0 */
/* What else EC2 tells about snapshots, each by a call of its own: locks,
 * moves between tiers, with whom they are shared; and the regions. */
#include <stdio.h>
#include <string.h>

#include "ec2filter.h"
#include "keyring.h"
#include "request.h"
#include "scope.h"
#include "store.h"
#include "token.h"
#include "xml.h"

#define TOKEN_LIFE 3600 /* s */
#define PAGE 1000

/* A call that answers with a list of snapshots. */
struct listing {
    const char *set;      /* the element around all items */
    const char *list;     /* the parameter with the ids: "SnapshotId" */
    const char *filter;   /* the filter that has them instead, or NULL */
    bool (*wants)(const struct snapshot *s);
    void (*print)(struct bytes *b, const struct snapshot *s);
};

static bool is_owned(const struct snapshot *s)
{
    return strcmp(s->owner, KEYRING_ACCOUNT) == 0;
}

static bool is_named(const struct request *r, const struct listing *l,
                     const char *id)
{
    const char *wanted;
    unsigned n = 1;

    for (; (wanted = params_nth(&r->params, l->list, n, "")); n++)
        if (strcmp(wanted, id) == 0)
            return true;
    return n == 1;
}

static bool fits(const struct request *r, const struct listing *l,
                 const struct snapshot *s)
{
    return is_owned(s) && ec2filter_here(r, s) && is_named(r, l, s->id) &&
           l->wants(s);
}

/* Each id must be one of the account's snapshots. */
static bool ids_exist(struct request *r, const struct listing *l)
{
    const char *id;

    if (l->filter)
        return true;
    for (unsigned n = 1; (id = params_nth(&r->params, l->list, n, ""));
         n++) {
        const struct snapshot *s = store_find(r->server->store, id);

        if (s && ec2filter_here(r, s) && is_owned(s))
            continue;
        fault_answer(r, FAULT_EC2_NOT_FOUND,
                     "The snapshot '%s' does not exist.", id);
        return false;
    }
    return true;
}

static bool filter_known(struct request *r, const struct listing *l)
{
    const char *name = params_get(&r->params, "Filter.1.Name");

    if (!name || (l->filter && strcmp(name, l->filter) == 0))
        return true;
    fault_answer(r, FAULT_EC2_PARAMETER, "The filter '%s' is invalid", name);
    return false;
}

static void next_token(struct request *r, uint64_t position)
{
    char text[TOKEN_ROOM];
    autobatch struct token_batch *batch = token_batch_new(
        r->server->tokens, TOKEN_EC2, r->op->event,
        r->now + TOKEN_LIFE * 1000, BASE64_STANDARD);

    if (!batch) {
        r->answer.body.broken = true;
        return;
    }
    token_make(batch, position, text);
    bytes_xml(&r->answer.body, "nextToken", text);
}

static void print(struct request *r, const struct listing *l, uint64_t start)
{
    uint64_t end = start + (uint64_t)effect_or(&r->fx, FX_PAGE_SIZE, PAGE);
    struct bytes *b = &r->answer.body;
    uint64_t match = 0;
    size_t count;
    autofree struct snapshot **all = store_all(r->server->store, &count);

    xml_ec2_begin(r);
    bytes_fmt(b, "<%s>", l->set);
    for (size_t i = 0; i < count; i++) {
        if (!fits(r, l, all[i]))
            continue;
        if (match >= start && match < end) {
            bytes_str(b, "<item>");
            bytes_xml(b, "snapshotId", all[i]->id);
            l->print(b, all[i]);
            bytes_str(b, "</item>");
        }
        match++;
    }
    bytes_fmt(b, "</%s>", l->set);
    if (match > end)
        next_token(r, end);
    xml_ec2_end(r);
}

static void answer(struct request *r, const struct listing *l)
{
    const char *token = params_get(&r->params, "NextToken");
    uint64_t start = 0;

    if (!filter_known(r, l) || !ids_exist(r, l))
        return;
    if (token && !token_check(r->server->tokens, TOKEN_EC2, r->op->event,
                              token, r->now, &start))
        fault_answer(r, FAULT_EC2_PARAMETER,
                     "The nextToken is not valid or has expired");
    else
        print(r, l, start);
}

static void optional(struct bytes *b, const char *name, const char *text)
{
    if (text[0])
        bytes_xml(b, name, text);
}

static bool is_locked(const struct snapshot *s)
{
    return s->lock[0];
}

static void print_lock(struct bytes *b, const struct snapshot *s)
{
    bytes_xml(b, "ownerId", s->owner);
    bytes_xml(b, "lockState", s->lock);
    optional(b, "lockExpiresOn", s->lock_until);
}

static bool any(const struct snapshot *s)
{
    (void)s;
    return true;
}

static void print_tier(struct bytes *b, const struct snapshot *s)
{
    bytes_xml(b, "volumeId", s->volume);
    bytes_xml(b, "ownerId", s->owner);
    bytes_xml(b, "storageTier", s->tier);
    optional(b, "lastTieringOperationStatus", s->tiering);
    optional(b, "archivalCompleteTime", s->archived);
    optional(b, "restoreExpiryTime", s->restore_expiry);
}

void ec2_locks(struct request *r)
{
    static const struct listing l = { "snapshotSet", "SnapshotId", NULL,
                                      is_locked, print_lock };

    answer(r, &l);
}

void ec2_tiers(struct request *r)
{
    static const struct listing l = { "snapshotTierStatusSet",
                                      "Filter.1.Value", "snapshot-id", any,
                                      print_tier };

    answer(r, &l);
}

static void print_accounts(struct bytes *b, const char *list)
{
    while (*list) {
        char account[32];
        size_t n = strcspn(list, ",");

        snprintf(account, sizeof(account), "%.*s", (int)n, list);
        bytes_str(b, "<item>");
        bytes_xml(b, "userId", account);
        bytes_str(b, "</item>");
        list += n + (list[n] == ',');
    }
}

void ec2_sharing(struct request *r)
{
    const char *id = params_get(&r->params, "SnapshotId");
    const struct snapshot *s = id ? store_find(r->server->store, id) : NULL;
    struct bytes *b = &r->answer.body;

    if (!s || !ec2filter_here(r, s) || !is_owned(s)) {
        fault_answer(r, FAULT_EC2_NOT_FOUND,
                     "The snapshot '%s' does not exist.", id ? id : "");
        return;
    }
    xml_ec2_begin(r);
    bytes_xml(b, "snapshotId", s->id);
    bytes_str(b, "<createVolumePermission>");
    if (s->is_public)
        bytes_str(b, "<item><group>all</group></item>");
    print_accounts(b, s->shared_with);
    bytes_str(b, "</createVolumePermission>");
    xml_ec2_end(r);
}

static void print_region(struct bytes *b, const char *name)
{
    char endpoint[128];

    snprintf(endpoint, sizeof(endpoint), "ec2.%.64s.amazonaws.com", name);
    bytes_str(b, "<item>");
    bytes_xml(b, "regionName", name);
    bytes_xml(b, "regionEndpoint", endpoint);
    bytes_xml(b, "optInStatus", "opt-in-not-required");
    bytes_str(b, "</item>");
}

void ec2_regions(struct request *r)
{
    const struct server *s = r->server;

    xml_ec2_begin(r);
    bytes_str(&r->answer.body, "<regionInfo>");
    print_region(&r->answer.body, s->region);
    for (size_t i = 0; i < s->more_count; i++)
        print_region(&r->answer.body, s->more_regions[i]);
    bytes_str(&r->answer.body, "</regionInfo>");
    xml_ec2_end(r);
}
